// Saves, gets and queries per second of hydrogen-js-sdk against a running Bmob: one JSON line.
//   NODE_EXTRA_CA_CERTS=CA node sdk.mjs BMOB_JSON [IN_FLIGHT] [SECONDS]       BMOB_JSON: as `openapi sandbox --write-config` writes it
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [file, inFlight = '32', seconds = '2'] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: sdk.mjs BMOB_JSON [IN_FLIGHT] [SECONDS]');
  process.exit(2);
}
const { baseUrl, secretKey, safeCode } = JSON.parse(readFileSync(file, 'utf8'));

const print = console.log;
console.log = () => {};  // the SDK logs
const Bmob = require('hydrogen-js-sdk');
Bmob.initialize(secretKey, safeCode);
Bmob._config.host = baseUrl;

// The same work as the C++ half's (bench/bmob_loop.cpp): rows of two columns; queries of ten rows by a number that each fiftieth
// row has.
const table = `Bench${process.pid}`;
let number = 0;
const save = async () => {
  const query = Bmob.Query(table);
  query.set('playerName', 'Sean Plott');
  query.set('score', (number += 1) % 50);
  return (await query.save()).objectId;
};
const find = async () => {
  const query = Bmob.Query(table);
  query.equalTo('score', '==', Math.floor(Math.random() * 50));
  query.limit(10);
  await query.find();
};

async function rate(operation, duration) {
  let done = 0;
  const begin = process.hrtime.bigint();
  const end = begin + BigInt(Math.round(duration * 1e9));
  const worker = async () => {
    while (process.hrtime.bigint() < end) {
      await operation();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: Number(inFlight) }, worker));
  return Math.round(done / (Number(process.hrtime.bigint() - begin) / 1e9));
}

const id = await save();
const operations = { saves: save, gets: () => Bmob.Query(table).get(id), queries: find };
const result = { client: `hydrogen-js-sdk ${require('hydrogen-js-sdk/package.json').version}`, inFlight: Number(inFlight) };
for (const [name, operation] of Object.entries(operations)) {
  await rate(operation, 0.5);  // connects and warms up
  result[name] = await rate(operation, Number(seconds));
}
print(JSON.stringify(result));
process.exit(0);

// Records what hydrogen-js-sdk really sends, with a fixed clock and fixed random numbers, into tests/bmob/recorded.
//   node record.mjs            writes the recordings
//   node record.mjs --check    fails when the SDK sends anything else than what is recorded
import { isUtf8 } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { everywhere, inMiniProgram } from './calls.mjs';
import { makeWx } from './support/wx.mjs';

const require = createRequire(import.meta.url);
const seconds = 1583920308;
const nonce = '0123456789ABCDEF';
const profiles = {
  signed: { sdk: 'hydrogen-js-sdk-2', keys: { secretKey: '0f1e2d3c4b5a6978', securityCode: '123456' }, calls: everywhere },
  plain: { sdk: 'hydrogen-js-sdk-1', keys: { applicationId: 'application-id', restApiKey: 'rest-api-key' }, calls: everywhere },
  signed_mini: { sdk: 'hydrogen-js-sdk-2', keys: { secretKey: '0f1e2d3c4b5a6978', securityCode: '123456' }, calls: inMiniProgram[2] },
  plain_mini: { sdk: 'hydrogen-js-sdk-1', keys: { applicationId: 'application-id', restApiKey: 'rest-api-key' }, calls: inMiniProgram[1] },
};
const recording = (profile) => fileURLToPath(new URL(`../../bmob/recorded/${profile}.json`, import.meta.url));

// --- a server that answers everything and remembers it --------------------------------------------

const time = '2018-04-19 17:26:45';
const row = (objectId) => ({ createdAt: time, objectId, updatedAt: time, title: 'title' });
const openid = { openid: 'openid', sk: 'sk', session_key: 'session_key', expires_in: 7200 };
const account = { ...row('X43SIIIH'), authData: { weapp: openid }, sessionToken: 'cc4fbcfd40583af980f4e6e52085adbf', username: 'aaaaaa' };
const answers = [
  [/^GET \/1\/login/, account],
  [/^POST \/1\/users(v1)?$/, account],
  [/^GET \/1\/(classes\/\w+|users)\/\w+$/, row('7ecd253a25')],
  [/^GET \/1\/classes\/nothing$/, { results: [] }],
  [/^GET \/1\/(classes\/\w+|users)$/, { results: [row('a1a1a1a1a1'), row('b2b2b2b2b2')], count: 2 }],
  [/^POST \/1\/classes\/\w+\/$/, { createdAt: time, objectId: '7ecd253a25' }],
  [/^PUT \/1\/classes\//, { updatedAt: time }],
  [/^POST \/1\/batch$/, []],
  [/^POST \/2\/files\//, { filename: 'hello.txt', url: 'http://cdn.example.com/hello.txt', cdn: 'upyun' }],
  [/^POST \/1\/wechatApp\/checkSessionKey$/, { errcode: 0, errmsg: 'ok' }],
  [/^POST \/1\/wechatApp(v1)?\/the-code-/, openid],
  [/^POST \/1\/functions\//, { result: '欢迎使用Bmob' }],
];

const kept = (name) => name === 'content-type' || name.startsWith('x-bmob-');

function remember(request, body) {
  const [path, query] = request.url.split('?');
  return {
    method: request.method,
    target: request.url,
    path,
    query: Object.fromEntries(new URLSearchParams(query ?? '')),
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => kept(name)).sort()),
    ...(isUtf8(body) ? { body: body.toString('utf8') } : { bodyBase64: body.toString('base64') }),
  };
}

async function startServer(seen) {
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const one = remember(request, Buffer.concat(chunks));
    seen.push(one);
    const [, answer] = answers.find(([route]) => route.test(`${one.method} ${one.path}`)) ?? [null, { msg: 'ok' }];
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

// --- the recording --------------------------------------------------------------------------------

// The SDK makes its time with Date and its nonce with sixteen calls of Math.random.
function fixChance() {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...args) { super(...(args.length > 0 ? args : [seconds * 1000])); }

    static now() { return seconds * 1000; }
  };
  let calls = 0;
  Math.random = () => ((calls++ % nonce.length) + 0.5) / 61;
  return () => { calls = 0; };
}

const problem = (error) => (error instanceof Error ? { code: error.code, message: error.message } : error);

async function record({ sdk, keys, calls }, inWeChat) {
  console.log = () => {};
  if (inWeChat) globalThis.wx = makeWx(['the-code-1', 'the-code-2', 'the-code-3']);
  const restart = fixChance();
  const seen = [];
  const server = await startServer(seen);
  const { name, version } = require(`${sdk}/package.json`);
  const Bmob = require(sdk);
  Bmob.initialize(...Object.values(keys));
  Bmob._config.host = `http://127.0.0.1:${server.address().port}`;
  const recorded = [];
  for (const [call, run] of Object.entries(calls)) {
    seen.length = 0;
    restart();
    const one = { name: call };
    try {
      await run(Bmob, 'restApiKey' in keys);
    } catch (error) {
      one.error = problem(error);
    }
    recorded.push({ ...one, requests: [...seen] });
  }
  server.close();
  server.closeAllConnections();
  return { sdk: `${name} ${version}`, environment: inWeChat ? 'mini program' : 'Node.js', ...keys, timestamp: seconds, nonce, calls: recorded };
}

function differences(file, now) {
  const before = JSON.parse(readFileSync(file, 'utf8'));
  const texts = (recorded) => new Map(recorded.calls.map((call) => [call.name, JSON.stringify(call, null, 2)]));
  const [old, fresh] = [texts(before), texts(now)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])].filter((name) => old.get(name) !== fresh.get(name));
  const lines = names.map((name) => `${name}\n  recorded: ${old.get(name) ?? 'nothing'}\n  sent now: ${fresh.get(name) ?? 'nothing'}`);
  if (JSON.stringify({ ...before, calls: [] }) !== JSON.stringify({ ...now, calls: [] })) lines.push('the head of the recording');
  return lines;
}

async function runProfile(profile, check) {
  const now = await record(profiles[profile], profile.endsWith('_mini'));
  if (!check) {
    writeFileSync(recording(profile), `${JSON.stringify(now, null, 1)}\n`);
    return;
  }
  const lines = differences(recording(profile), now);
  if (lines.length === 0) return;
  console.error(`${profile}: the SDK does not send what is recorded:\n${lines.join('\n')}`);
  process.exitCode = 1;
}

// The SDK keeps one instance in each process, so every profile has its own.
const options = process.argv.slice(2);
const check = options.includes('--check');
const profile = options.find((option) => option in profiles);
if (profile) {
  await runProfile(profile, check);
} else {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name)));
  const self = fileURLToPath(import.meta.url);
  const failed = Object.keys(profiles).filter((name) => spawnSync(process.execPath, [self, name, ...options], { stdio: 'inherit', env }).status !== 0);
  if (failed.length > 0) process.exit(1);
}

// hydrogen-js-sdk, unchanged, in front of the local Bmob; and what the tests of it share.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { control, file, urls } from '../../support/sandbox.mjs';

export const config = JSON.parse(file('bmob.json'));
const require = createRequire(import.meta.url);

// The SDK of one version; it exists once in each process. Its own log would drown the tests'.
export function load(version) {
  console.log = () => {};
  const Bmob = require(`hydrogen-js-sdk-${version}`);
  if (version === 1) Bmob.initialize(config.applicationId, config.restApiKey);
  else Bmob.initialize(config.secretKey, config.safeCode);
  Bmob._config.host = urls.bmob;
  return Bmob;
}

const keyHeaders = {
  'X-Bmob-Application-Id': config.applicationId,
  'X-Bmob-REST-API-Key': config.restApiKey,
  'Content-Type': 'application/json',
};

// A request as the documents write it for curl. `body` is sent as it is.
export async function curl(method, path, body, headers = {}) {
  const response = await fetch(urls.bmob + path, { method, headers: { ...keyHeaders, ...headers }, body });
  return { status: response.status, json: await response.json() };
}

export const settings = (input) => control('POST', '/settings', { provider: 'bmob', ...input });

// The SDK rejects with the platform's answer.
export const refused = (promise, code, error) => assert.rejects(promise, (answer) => {
  assert.deepEqual(answer, { code, error });
  return true;
});
export const refusedWith = (promise, code) => assert.rejects(promise, (answer) => {
  assert.equal(answer.code, code, JSON.stringify(answer));
  assert.equal(typeof answer.error, 'string');
  return true;
});

export const isTime = (text) => assert.match(text, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
export const isId = (text) => assert.match(text, /^[0-9A-Za-z]{8,24}$/);
export const isToken = (text) => assert.match(text, /^[0-9a-z]{25,32}$/);
export const keysOf = (object) => Object.keys(object).sort();
export const isOk = (answer) => assert.deepEqual(answer, { msg: 'ok' });

let used = 0;
const next = () => (used += 1);
export const newName = () => `bmob${process.pid}n${next()}`;
export const newTable = () => `Table${next()}`;
export const newPhone = () => `137${String(10000000 + next())}`;
export const smsCode = '123456';

// When an upload fails the SDK says nothing, ever. Gives what the platform said of each of the files.
export async function upload(B, files) {
  let alarm;
  const late = new Promise((_, reject) => { alarm = setTimeout(() => reject(new Error('no answer to the upload')), 20_000); });
  try {
    return await Promise.race([files.map(([name, content]) => B.File(name, content)).at(-1).save(), late]);
  } finally {
    clearTimeout(alarm);
  }
}

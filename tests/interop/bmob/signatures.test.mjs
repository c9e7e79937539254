// The signature of requests: what hydrogen-js-sdk signs is accepted; what is late, early, repeated or changed is refused.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { config, isOk, load, newTable } from './support/bmob.mjs';
import { refusedAtOnce as refused, requestsOf, send } from './support/relay.mjs';

const B = load(2);
const path = '/1/classes/Signed';
const now = () => Math.round(Date.now() / 1000);
const newNonce = () => randomBytes(8).toString('hex');

const signOf = ({ path: signed, timestamp, code, nonce, body, version }) =>
  createHash('md5').update(signed + timestamp + code + nonce + body + version).digest('hex');

// A request as the SDK signs it, with anything else in its place.
function request(change = {}) {
  const parts = { method: 'GET', path, timestamp: String(now()), code: config.safeCode, nonce: newNonce(), body: '', version: '10', ...change };
  const signedBody = parts.method === 'GET' ? '' : parts.body;
  return {
    method: parts.method,
    url: parts.path,
    body: parts.method === 'GET' ? undefined : parts.body,
    headers: {
      'Content-Type': 'application/json',
      'X-Bmob-SDK-Type': 'nodejs',
      'X-Bmob-Safe-Sign': signOf({ ...parts, body: parts.version === '' ? '' : signedBody }),
      'X-Bmob-Safe-Timestamp': parts.timestamp,
      'X-Bmob-Noncestr-Key': parts.nonce,
      'X-Bmob-Secret-Key': config.secretKey,
      ...(parts.version === '' ? {} : { 'X-Bmob-SDK-Version': parts.version }),
    },
  };
}

async function accepted(one) {
  const { status, json } = await send(one);
  assert.ok(status < 300, `${status} ${JSON.stringify(json)}`);
  return json;
}

test('the published vectors', () => {
  const parts = { path: '/1/classes/GameScore/e1kXT22L', timestamp: '1583920308', code: '123456', nonce: 'mI7dRHI4gbai0KaU', body: '', version: '10' };
  assert.equal(signOf(parts), '51ef48317f325ac10e6d98a2e4e3cf60');
  assert.equal(signOf({ ...parts, version: '' }), '9c8e659cac1d52c5a75c8422f3429a3f');
  assert.equal(signOf({ ...parts, body: '{"nickName":"Bmob后端云"}' }), '40bfd85183fdde0e29bcb0a80563c357');
});

before(() => B.Query('Signed').save({ first: true }));

test('both formulas are accepted, with seconds and milliseconds', async () => {
  await accepted(request());
  await accepted(request({ version: '' }));
  await accepted(request({ timestamp: String(Date.now()) }));
  await accepted(request({ method: 'POST', body: '{"text":"Bmob后端云"}' }));
  await accepted(request({ nonce: 'a' }));
});

test('a clock that is wrong is refused', async () => {
  await accepted(request({ timestamp: String(now() - 5) }));
  await accepted(request({ timestamp: String(now() + 5) }));
  for (const seconds of [-3600, -15, 15, 3600]) await refused(request({ timestamp: String(now() + seconds) }));
  for (const timestamp of ['', '0', 'now', `${now()}0`, `-${now()}`]) await refused(request({ timestamp }));
});

test('a request that was changed on its way is refused', async () => {
  const put = { method: 'POST', body: '{"score":1}' };
  const changes = [
    (one) => ({ ...one, body: '{"score":2}' }),
    (one) => ({ ...one, body: '' }),
    (one) => ({ ...one, url: `${one.url}Other` }),
    (one) => ({ ...one, url: `${one.url}/` }),
    (one) => ({ ...one, headers: { ...one.headers, 'X-Bmob-Noncestr-Key': newNonce() } }),
    (one) => ({ ...one, headers: { ...one.headers, 'X-Bmob-Safe-Timestamp': String(now() + 1) } }),
    (one) => ({ ...one, headers: { ...one.headers, 'X-Bmob-SDK-Version': '11' } }),
    (one) => ({ ...one, headers: { ...one.headers, 'X-Bmob-Safe-Sign': '0'.repeat(32) } }),
    (one) => ({ ...one, headers: { ...one.headers, 'X-Bmob-Safe-Sign': '' } }),
    // Without its version the signature would not cover the body any more.
    (one) => { const { 'X-Bmob-SDK-Version': version, ...headers } = one.headers; return { ...one, headers }; },
  ];
  for (const change of changes) await refused(change(request(put)));
  await refused(request({ code: '000000' }));
  const other = request();
  other.headers['X-Bmob-Secret-Key'] = '0000000000000000';
  assert.deepEqual(await send(other), { status: 401, json: { error: 'unauthorized' } });
});

test('a request is good once', async () => {
  const one = request({ method: 'POST', body: '{"score":1}' });
  await accepted(one);
  await refused(one);
  // The nonce alone is no replay: another second may have the same.
  const nonce = newNonce();
  await accepted(request({ nonce, timestamp: String(now() - 2) }));
  await accepted(request({ nonce, timestamp: String(now() - 1) }));
});

test('what the SDK signs is accepted once, and not when it is changed', async () => {
  const table = newTable();
  const calls = await requestsOf(B, async () => {
    const query = B.Query(table);
    query.set('text', 'Bmob后端云');
    const { objectId } = await query.save();
    const row = await B.Query(table).get(objectId);
    row.set('text', 'changed');
    await row.save();
    const odd = B.Query(table);
    odd.equalTo('text', '==', 'a b+c&d=e 后端云');
    await odd.find();
    isOk(await B.Query(table).destroy(objectId));
  });
  assert.deepEqual(calls.map(({ method }) => method), ['POST', 'GET', 'PUT', 'GET', 'DELETE']);
  for (const call of calls) await refused(call);
  const [create] = await requestsOf(B, () => B.Query(table).save({ text: 'once' }));
  await refused({ ...create, body: '{"text":"twice"}' });
  await refused({ ...create, url: path });
  assert.equal(await B.Query(table).count(), 1);
});

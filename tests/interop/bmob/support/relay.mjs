// What the SDK really sends, taken from the wire: a server between it and the local Bmob that remembers the requests.
import assert from 'node:assert/strict';
import http from 'node:http';
import { urls } from '../../support/sandbox.mjs';

export async function send({ method, url, body, headers }) {
  const response = await fetch(urls.bmob + url, { method, headers, body });
  return { status: response.status, json: await response.json() };
}

// What every wrong signature is answered with.
export const wrong = { status: 400, json: { code: 400, error: '签名安全验证错误' } };
export const refusedAtOnce = async (request) => assert.deepEqual(await send(request), wrong);

// The requests that the SDK makes in `call`, ready to be sent again.
export async function requestsOf(B, call) {
  const sent = [];
  const relay = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host, connection, 'content-length': length, ...headers } = request.headers;
    const body = request.method === 'GET' ? undefined : Buffer.concat(chunks);
    const one = { method: request.method, url: request.url, headers, body };
    sent.push(one);
    const { status, json } = await send(one);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
  });
  await new Promise((done) => relay.listen(0, '127.0.0.1', done));
  B._config.host = `http://127.0.0.1:${relay.address().port}`;
  try {
    await call();
  } finally {
    B._config.host = urls.bmob;
    relay.close();
    relay.closeAllConnections();
  }
  return sent;
}

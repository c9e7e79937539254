// The running sandbox as the tests see it: its addresses, its configurations, its control routes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const urls = JSON.parse(process.env.OPENAPI_SANDBOX);
export const folder = process.env.OPENAPI_SANDBOX_FOLDER;
export const file = (name) => readFileSync(join(folder, name));
export const weixin = JSON.parse(file('weixin.json'));
export const alipay = JSON.parse(file('alipay.json'));

let numbers = 0;
export const number = (prefix) => `${prefix}${process.pid}N${(numbers += 1)}`;

export async function control(method, path, input) {
  const response = await fetch(urls.control + path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: input === undefined ? undefined : JSON.stringify(input),
  });
  const output = await response.json();
  assert.equal(response.status, 200, `${method} ${path}: ${JSON.stringify(output)}`);
  return output;
}

export const order = async (outTradeNo) => (await control('GET', '/orders')).find((one) => one.outTradeNo === outTradeNo);

// Moves the platforms' clock to noon of their next day; gives that day as yyyy-MM-dd.
export async function nextNoon() {
  const { now } = await control('POST', '/clock', { advanceSeconds: 0 });
  const [hours, minutes, seconds] = now.split(' ')[1].split(':').map(Number);
  const noon = await control('POST', '/clock', { advanceSeconds: 36 * 3600 - hours * 3600 - minutes * 60 - seconds });
  return noon.now.slice(0, 10);
}

// A merchant's web server. Every mailbox is one notify_url; what arrives there waits until the test takes it.
export class Shop {
  #boxes = new Map();
  #server = http.createServer((request, response) => this.#receive(request, response));

  static async open() {
    const shop = new Shop();
    await new Promise((done) => shop.#server.listen(0, '127.0.0.1', done));
    return shop;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  mailbox() {
    const path = `/notify/${this.#boxes.size + 1}`;
    const box = { arrived: [], waiting: [] };
    this.#boxes.set(path, box);
    const url = `http://127.0.0.1:${this.#server.address().port}${path}`;
    const next = () => (box.arrived.length > 0 ? box.arrived.shift() : new Promise((done) => box.waiting.push(done)));
    return { url, next: () => Promise.resolve(next()) };
  }

  async #receive(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const box = this.#boxes.get(request.url);
    if (!box) {
      response.writeHead(404).end();
      return;
    }
    const delivery = {
      headers: request.headers,
      method: request.method,
      body: Buffer.concat(chunks),
      answer: (body, type = 'text/plain', status = 200) => response.writeHead(status, { 'Content-Type': type }).end(body),
    };
    const taker = box.waiting.shift();
    if (taker) taker(delivery);
    else box.arrived.push(delivery);
  }
}

// The gateway's own record of a notification, once it has seen `attempts` answers to it.
export async function notified(outTradeNo, kind, attempts = 1) {
  for (let tries = 0; tries < 1000; tries += 1) {
    const found = (await control('GET', '/notifies')).find((one) => one.outTradeNo === outTradeNo && one.kind === kind);
    if (found && found.attempts.length >= attempts) return found;
    await pause(10);
  }
  throw new Error(`the gateway has no ${attempts} answers to the ${kind} notification of ${outTradeNo}`);
}

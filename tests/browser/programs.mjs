// The local Bmob, the admin service in front of it, and the browser: started for a test, and stopped as an operator does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';

const patience = 60_000;

// Starts a program that prints a line of JSON when it is ready.
async function start(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const failure = new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${program} ended before it was ready: ${code ?? signal}`)));
    setTimeout(() => reject(new Error(`${program} did not become ready`)), patience).unref();
  });
  failure.catch(() => {});
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failure]);
  return { child, ready: JSON.parse(line) };
}

// What its exit code is after SIGTERM.
async function stop({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code, signal] = await ended;
  return code ?? signal;
}

export class World {
  async open() {
    try {
      await this.startAll();
    } catch (error) {
      await this.close().catch(() => {});
      throw error;
    }
  }

  async startAll() {
    this.folder = mkdtempSync(join(tmpdir(), 'openapi-browser-'));
    this.sandbox = await start(process.env.OPENAPI_PROGRAM, ['sandbox', '--port', '0', '--write-config', this.folder]);
    this.admin = await this.startAdmin();
    this.browser = await puppeteer.launch({
      executablePath: process.env.OPENAPI_CHROMIUM,
      headless: true,
      timeout: patience,
      protocolTimeout: patience,
      userDataDir: join(this.folder, 'chromium'),
      // A container has no user name spaces and little shared memory; there is nothing to be protected from here.
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--no-proxy-server', '--lang=en-US'],
    });
  }

  startAdmin(...more) {
    return start(process.env.BMOB_ADMIN_PROGRAM, ['--config', join(this.folder, 'bmob.json'), '--listen', '127.0.0.1:0', '--quiet', ...more]);
  }

  get url() {
    return this.admin.ready.url;
  }

  /** A fresh page, which collects what goes wrong in it. */
  async page(url = this.url) {
    const context = await this.browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.troubles = [];
    page.on('pageerror', (error) => page.troubles.push(`error: ${error.message}`));
    page.on('console', (message) => message.type() === 'error' && page.troubles.push(`console: ${message.text()}`));
    page.on('dialog', (dialog) => { page.troubles.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== 'data:' && origin !== url) page.troubles.push(`a request to ${origin}`);
    });
    await page.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'language', { value: 'en-US' }));
    await page.goto(`${url}/`, { waitUntil: 'load' });
    return page;
  }

  /** Ends everything; throws when a program did not end well. */
  async close() {
    try {
      await this.browser?.close();
      const codes = [];
      for (const program of [this.admin, this.sandbox]) if (program) codes.push(await stop(program));
      if (codes.some((code) => code !== 0)) throw new Error(`the programs ended with ${codes.join(', ')} on SIGTERM`);
    } finally {
      for (const program of [this.admin, this.sandbox]) program?.child.kill('SIGKILL');
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  stop(program) {
    return stop(program);
  }
}

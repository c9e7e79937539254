// run.mjs OPENAPI [FILE|FOLDER…]: without any, the files of this folder.
// Starts the sandbox afresh for each test file and runs the file beside it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const startTimeout = 60_000;

function checkClients() {
  const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  for (const [name, wanted] of Object.entries(dependencies)) {
    const version = wanted.replace(/^npm:.*@/, '');
    let installed = 'missing';
    try {
      installed = JSON.parse(readFileSync(join(here, 'node_modules', name, 'package.json'), 'utf8')).version;
    } catch { /* missing */ }
    if (installed === version) continue;
    throw new Error(`${name} ${version} is wanted, but it is ${installed}: run 'npm ci' in tests/interop (./dev test does it)`);
  }
}

// A test file, or those of a folder.
function testFiles(name) {
  if (name.endsWith('.test.mjs')) return [name];
  const files = readdirSync(join(here, name)).filter((file) => file.endsWith('.test.mjs'));
  if (files.length === 0) throw new Error(`there is no test file in ${name}`);
  return files.map((file) => join(name, file));
}

async function startSandbox(openapi, folder) {
  const child = spawn(openapi, ['sandbox', '--port', '0', '--write-config', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const failure = new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the sandbox ended before it was ready: ${code ?? signal}`)));
    setTimeout(() => reject(new Error('the sandbox did not become ready')), startTimeout).unref();
  });
  failure.catch(() => {});
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failure]);
  return { child, line };
}

async function stopSandbox(child) {
  if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the sandbox ended during the tests: ${child.exitCode ?? child.signalCode}`);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code, signal] = await ended;
  if (code !== 0) throw new Error(`the sandbox ended with ${code ?? signal} on SIGTERM`);
}

function environment(line, folder) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^(https?|all|no)_proxy$/i.test(name) || name.startsWith('NODE_')) delete env[name];
  }
  return {
    ...env,
    // The clients trust the sandbox's authority like any other of the system.
    NODE_EXTRA_CA_CERTS: JSON.parse(line).caFile,
    // WeChat's p12 files use RC2-40 and 3DES; without this Node refuses them, the real ones too.
    NODE_OPTIONS: '--openssl-legacy-provider',
    // alipay-sdk writes timestamps in the host's time zone; the platform reads them as Beijing time.
    TZ: 'Asia/Shanghai',
    OPENAPI_SANDBOX: line,
    OPENAPI_SANDBOX_FOLDER: folder,
  };
}

async function runFile(openapi, file) {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-interop-'));
  const { child, line } = await startSandbox(openapi, folder);
  try {
    const test = spawn(process.execPath, ['--test', file], { stdio: 'inherit', env: environment(line, folder), cwd: here });
    const [code] = await once(test, 'exit');
    await stopSandbox(child);
    return code === 0;
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  const [openapi, ...chosen] = process.argv.slice(2);
  checkClients();
  const files = (chosen.length === 0 ? ['.'] : chosen).flatMap(testFiles);
  const failed = [];
  for (const file of files) {
    if (!(await runFile(resolve(openapi), join(here, file)))) failed.push(file);
  }
  if (failed.length > 0) throw new Error(`failed: ${failed.join(', ')}`);
} catch (error) {
  console.error(`interop: ${error.message}`);
  process.exit(1);
}

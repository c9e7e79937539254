// A bill by Node: node peer.mjs fetch|undici URL plain|gzip [FILE] (NODE_EXTRA_CA_CERTS names the root). Without FILE the bytes
// are only counted.
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const [client, url, form, file] = process.argv.slice(2);
const order = { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<xml></xml>' };

async function answer() {
  if (client === 'fetch') return Readable.fromWeb((await fetch(url, order)).body);
  const { request } = createRequire(new URL('../peers/', import.meta.url))('undici');
  return (await request(url, order)).body;
}

let bytes = 0;
const count = new Writable({ write(piece, _, done) { bytes += piece.length; done(); } });
const sink = file ? createWriteStream(file, { flush: true }) : count;
await pipeline([await answer(), ...(form === 'gzip' ? [createGunzip({ chunkSize: 64 * 1024 })] : []), sink]);
console.log(file ? sink.bytesWritten : bytes);

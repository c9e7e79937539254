// hydrogen-js-sdk 2.7.3: secret key and request signatures.
import { test } from 'node:test';
import { services } from './services.mjs';
import { load, upload } from './support/bmob.mjs';
import { refusedAtOnce, requestsOf } from './support/relay.mjs';

services(2);

test('what the SDK signs of files is accepted once', async () => {
  const B = load(2);
  for (const content of ['Hello, 世界 "\\\n', Buffer.from([0, 1, 127, 128, 255])]) {
    const [sentFile] = await requestsOf(B, () => upload(B, [['hello.bin', content]]));
    await refusedAtOnce(sentFile);
    await refusedAtOnce({ ...sentFile, body: 'something else' });
  }
});

// The two documents about SMS: their curl examples, bodies as they are written there, and their rules.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control } from '../support/sandbox.mjs';
import { config, curl, isOk, keysOf, newPhone, settings, smsCode } from './support/bmob.mjs';

// The documents' phone has an x for what the reader must fill in.
const filled = (body, phone) => body.replace('186xxxxxxxx', phone);
const badPhone = { status: 400, json: { code: 301, error: '手机号码必须是11位的数字' } };
const wait = (seconds) => control('POST', '/clock', { advanceSeconds: seconds });
const limited = (phone) => ({ status: 400, json: { code: 10010, error: `mobile '${phone}' send message limited.` } });

async function isSent(answer) {
  const { status, json } = await answer;
  assert.equal(status, 200, JSON.stringify(json));
  assert.deepEqual(keysOf(json), ['smsId']);
  assert.equal(Number.isSafeInteger(json.smsId), true);
  return json.smsId;
}
async function fails(answer, code) {
  const { status, json } = await answer;
  assert.deepEqual([status, json.code], [400, code], JSON.stringify(json));
  assert.equal(typeof json.error, 'string');
}
// What was sent, as the sandbox's control route tells it.
const messages = async (phone) => (await control('POST', '/sms', { provider: 'bmob' })).filter((one) => one.mobilePhoneNumber === phone);

test('请求短信验证码', async () => {
  const [first, second] = ['{"mobilePhoneNumber": "186xxxxxxxx"}', '{"mobilePhoneNumber": "186xxxxxxxx", "template":"注册模板"}'];
  assert.deepEqual(await curl('POST', '/1/requestSmsCode', first), badPhone);
  const phone = newPhone();
  await isSent(curl('POST', '/1/requestSmsCode', filled(first, phone)));
  await isSent(curl('POST', '/1/requestSmsCode', filled(second, newPhone())));
  await fails(curl('POST', '/1/requestSmsCode', '{"mobilePhoneNumber": "18612345678", "template":"没有"}'), 10022);
  assert.deepEqual(await curl('POST', '/1/requestSmsCode', '{"mobilePhoneNumber": "18612345678"}', { 'X-Bmob-REST-API-Key': 'wrong' }), {
    status: 401, json: { error: 'unauthorized' },
  });
});

test('验证短信验证码', async () => {
  const phone = newPhone();
  await isSent(curl('POST', '/1/requestSmsCode', filled('{"mobilePhoneNumber": "186xxxxxxxx"}', phone)));
  const body = '{"mobilePhoneNumber": "186xxxxxxxx"}';
  assert.deepEqual(await curl('POST', '/1/verifySmsCode/876845', body), badPhone);
  assert.deepEqual(await curl('POST', '/1/verifySmsCode/876845', filled(body, phone)), { status: 400, json: { code: 207, error: 'code error.' } });
  await fails(curl('POST', `/1/verifySmsCode/${smsCode}`, filled(body, newPhone())), 207);
  const { status, json } = await curl('POST', `/1/verifySmsCode/${smsCode}`, filled(body, phone));
  assert.equal(status, 200);
  isOk(json);
  await fails(curl('POST', `/1/verifySmsCode/${smsCode}`, filled(body, phone)), 207);
});

test('验证短信验证码: a code grows old', async () => {
  const phone = newPhone();
  await isSent(curl('POST', '/1/requestSmsCode', JSON.stringify({ mobilePhoneNumber: phone })));
  await wait(301);
  await fails(curl('POST', `/1/verifySmsCode/${smsCode}`, JSON.stringify({ mobilePhoneNumber: phone })), 207);
});

test('1/分钟，5/小时，10/天', async () => {
  const phone = newPhone();
  const ask = () => curl('POST', '/1/requestSmsCode', JSON.stringify({ mobilePhoneNumber: phone }));
  await isSent(ask());
  assert.deepEqual(await ask(), limited(phone));
  for (let sent = 1; sent < 5; sent += 1) {
    await wait(61);
    await isSent(ask());
  }
  await wait(61);
  assert.deepEqual(await ask(), limited(phone));
  for (let sent = 5; sent < 10; sent += 1) {
    await wait(3601);
    await isSent(ask());
  }
  await wait(3601);
  assert.deepEqual(await ask(), limited(phone));
  // Another phone has limits of its own.
  await isSent(curl('POST', '/1/requestSmsCode', JSON.stringify({ mobilePhoneNumber: newPhone() })));
  await wait(24 * 3600);
  await isSent(ask());
});

test('图形验证码', async () => {
  const asked = await curl('POST', '/1/requestCaptcha', '{"width":85,"height":30,"size":4,"ttl":180}');
  assert.equal(asked.status, 200, JSON.stringify(asked.json));
  assert.deepEqual(keysOf(asked.json), ['captcha_token', 'captcha_url']);
  const { captcha_token: token, captcha_url: address } = asked.json;
  assert.match(token, /^[0-9A-Za-z]{20}$/);
  const url = new URL(address);
  assert.equal(url.pathname, '/1/captchaImage');
  assert.equal(url.searchParams.get('token'), token);
  assert.ok(url.searchParams.get('secretKey'));
  // The image needs no keys in its headers.
  const image = await fetch(address);
  assert.equal(image.status, 200);
  assert.match(image.headers.get('content-type'), /^image\//);
  const bytes = Buffer.from(await image.arrayBuffer());
  if (bytes.subarray(1, 4).toString('latin1') === 'PNG') assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [85, 30]);
  // The document's own example has a token that nobody issued.
  await fails(curl('POST', '/1/verifyCaptcha', '{"captcha_code": "1110","captcha_token": "R23423dsfd"}'), 207);
  const { code } = (await control('POST', '/captchas', { provider: 'bmob' })).find((one) => one.captchaToken === token);
  assert.match(code, /^[0-9A-Za-z]{4}$/);
  const checked = await curl('POST', '/1/verifyCaptcha', JSON.stringify({ captcha_code: code, captcha_token: token }));
  assert.equal(checked.status, 200, JSON.stringify(checked.json));
  assert.deepEqual(keysOf(checked.json), ['validate_token']);
  await fails(curl('POST', '/1/verifyCaptcha', JSON.stringify({ captcha_code: code, captcha_token: token })), 207);
  const send = (more) => curl('POST', '/1/requestSmsCode', JSON.stringify({ mobilePhoneNumber: newPhone(), template: '注册模板', ...more }));
  await isSent(send(checked.json));
  await settings({ captcha: true });
  try {
    await fails(send({ validate_token: '3fdgfs223' }), 207);
    await fails(send({}), 207);
  } finally {
    await settings({ captcha: false });
  }
});

test('图形验证码: sizes, wrong codes, age', async () => {
  const asked = await curl('POST', '/1/requestCaptcha', '{}');
  assert.equal(asked.status, 200);
  const token = asked.json.captcha_token;
  await fails(curl('POST', '/1/verifyCaptcha', JSON.stringify({ captcha_code: '????', captcha_token: token })), 207);
  const bad = [{ width: 59 }, { width: 201 }, { height: 29 }, { height: 101 }, { size: 2 }, { size: 7 }, { ttl: 59 }, { ttl: 181 }];
  for (const one of bad) await fails(curl('POST', '/1/requestCaptcha', JSON.stringify(one)), 10035);
  const later = (await curl('POST', '/1/requestCaptcha', '{"ttl":60}')).json.captcha_token;
  const { code } = (await control('POST', '/captchas', { provider: 'bmob' })).find((one) => one.captchaToken === later);
  await wait(61);
  await fails(curl('POST', '/1/verifyCaptcha', JSON.stringify({ captcha_code: code, captcha_token: later })), 207);
});

// --- the older document ---------------------------------------------------------------------------

const content = '{"mobilePhoneNumber": "186xxxxxxxx", "content":"您的验证码是:222222, 有效期是10分钟。"}';
const timed = '{"mobilePhoneNumber": "186xxxxxxxx", "content":"您的验证码是:222222, 有效期是10分钟。感谢您使用Bmob。", "sendTime":"2016-05-26 12:13:14"}';
const platformTime = async () => (await control('POST', '/clock', { advanceSeconds: 0 })).now;
// A time of the platform as the documents write it, `seconds` from now.
async function timeIn(seconds) {
  const now = new Date(`${(await platformTime()).slice(0, 19).replace(' ', 'T')}Z`);
  return new Date(now.getTime() + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
const state = async (id) => (await curl('GET', `/1/querySms/:${id}`)).json;

test('请求发送自定义的短信内容', async () => {
  assert.deepEqual(await curl('POST', '/1/requestSms', content), badPhone);
  const phone = newPhone();
  await isSent(curl('POST', '/1/requestSms', filled(content, phone)));
  const [message] = await messages(phone);
  assert.match(message.content, /您的验证码是:222222, 有效期是10分钟。/);
  for (const text of ['有【】的', 'with [brackets]']) {
    await fails(curl('POST', '/1/requestSms', JSON.stringify({ mobilePhoneNumber: newPhone(), content: text })), 10013);
  }
});

test('请求发送自定义的短信内容: at a time', async () => {
  await fails(curl('POST', '/1/requestSms', filled(timed, newPhone())), 10020);
  const at = (sendTime) => filled(timed, newPhone()).replace('2016-05-26 12:13:14', sendTime);
  await fails(curl('POST', '/1/requestSms', at('2016-05-26T12:13:14Z')), 10019);
  await fails(curl('POST', '/1/requestSms', at('soon')), 10019);
  const id = await isSent(curl('POST', '/1/requestSms', at(await timeIn(3600))));
  assert.equal((await state(id)).sms_state, 'SENDING');
  await wait(3700);
  assert.equal((await state(id)).sms_state, 'SUCCESS');
});

test('查询短信状态', async () => {
  const phone = newPhone();
  const id = await isSent(curl('POST', '/1/requestSmsCode', JSON.stringify({ mobilePhoneNumber: phone })));
  // With the literal colon of the document, and without it.
  for (const path of [`/1/querySms/:${id}`, `/1/querySms/${id}`]) {
    const { status, json } = await curl('GET', path);
    assert.equal(status, 200);
    assert.deepEqual(keysOf(json), ['sms_state', 'verify_state']);
    assert.ok(['SENDING', 'SUCCESS'].includes(json.sms_state));
    assert.equal(json.verify_state, false);
  }
  await curl('POST', `/1/verifySmsCode/${smsCode}`, JSON.stringify({ mobilePhoneNumber: phone }));
  assert.equal((await state(id)).verify_state, true);
  assert.deepEqual(await curl('GET', '/1/querySms/:123678'), { status: 400, json: { code: 10018, error: 'smsId:123678 not found' } });
});

test('注意事项: what a message costs', async () => {
  const countOf = async (characters) => {
    const phone = newPhone();
    await isSent(curl('POST', '/1/requestSms', JSON.stringify({ mobilePhoneNumber: phone, content: '文'.repeat(characters) })));
    return (await messages(phone))[0].messages;
  };
  // Six characters of the signature are added; 135 are three messages.
  assert.equal(await countOf(1), 1);
  assert.equal(await countOf(64), 1);
  assert.equal(await countOf(65), 2);
  assert.equal(await countOf(128), 2);
  assert.equal(await countOf(129), 3);
});

test('the keys of the document', async () => {
  const body = JSON.stringify({ mobilePhoneNumber: newPhone() });
  const unauthorized = { status: 401, json: { error: 'unauthorized' } };
  assert.deepEqual(await curl('POST', '/1/requestSmsCode', body, { 'X-Bmob-Application-Id': 'Your Application ID' }), unauthorized);
  assert.notEqual(config.restApiKey, 'Your REST API Key');
  await fails(curl('POST', '/1/requestSmsCode', body, { 'Content-Type': 'text/html' }), 107);
});

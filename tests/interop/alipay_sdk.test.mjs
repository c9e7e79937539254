// alipay-sdk 4.14.0: its gateway v1 half against the local Alipay.
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { AlipayFormData, AlipaySdk } from 'alipay-sdk';
import { methodsOf, watched } from './support/coverage.mjs';
import { Shop, alipay, control, file, nextNoon, notified, number, order } from './support/sandbox.mjs';

const v3 = 'API v3: not a protocol of the gateway';
const inner = 'private, runs in the other calls';

// Every method of the client.
const operations = {
  exec: 'tested',
  sdkExecute: 'tested',
  sdkExec: 'tested',
  pageExecute: 'tested',
  pageExec: 'tested',
  checkNotifySign: 'tested',
  checkNotifySignV2: 'tested',
  rsaCheck: 'tested',
  getSignStr: 'tested',
  checkResponseSign: inner,
  notifyRSACheck: inner,
  formatKey: inner,
  formatUrl: inner,
  aesDecrypt: 'content encryption: the app of the sandbox has no AES key',
  curl: v3,
  curlStream: v3,
  sse: v3,
};

// exec and its like take any method name; these are the ones that the gateway serves.
const methods = [
  'alipay.system.oauth.token', 'alipay.trade.create', 'alipay.trade.precreate', 'alipay.trade.app.pay', 'alipay.trade.page.pay', 'alipay.trade.wap.pay',
  'alipay.trade.pay', 'alipay.trade.query', 'alipay.trade.close', 'alipay.trade.cancel', 'alipay.trade.refund', 'alipay.trade.fastpay.refund.query',
  'alipay.data.dataservice.bill.downloadurl.query',
];

const seen = new Set();
const called = new Set();
const privateKey = file('app_private_key.pem').toString().trim();
const alipayPublicKey = file('alipay_public_key.pem').toString().trim();
const buyer = '2088102116773037';
const signTypes = ['RSA2', 'RSA'];

const make = (more = {}) => watched(new AlipaySdk({ appId: alipay.appId, privateKey, keyType: 'PKCS8', alipayPublicKey, gateway: alipay.gateway, ...more }), seen);
const sdk = make();

// Every answer is verified, that of a refusal too.
async function exec(method, params, client = sdk) {
  const result = await client.exec(method, params, { validateSign: true });
  assert.match(result.traceId, /^\w+$/);
  if (result.code === undefined || result.code === '10000') called.add(method);
  return result;
}
const trade = (name, bizContent, client) => exec(`alipay.trade.${name}`, { bizContent }, client);

async function refused(call, subCode, code = '40004') {
  const result = await call;
  assert.equal(result.subCode, subCode);
  assert.equal(result.code, code);
  assert.ok(result.subMsg);
  return result;
}

const biz = (outTradeNo, more = {}) => ({ outTradeNo, totalAmount: '88.88', subject: '季卡', ...more });
const pay = (outTradeNo, more = {}) => control('POST', '/pay', { provider: 'alipay', outTradeNo, ...more });

async function paidTrade(more = {}, outer = {}) {
  const outTradeNo = number('AS');
  const made = await exec('alipay.trade.create', { ...outer, bizContent: biz(outTradeNo, { buyerId: buyer, ...more }) });
  assert.equal(made.code, '10000', made.subMsg);
  await pay(outTradeNo);
  return { outTradeNo, tradeNo: made.tradeNo };
}

const form = (body) => Object.fromEntries(new URLSearchParams(body.toString('utf8')));

let shop;
before(async () => { shop = await Shop.open(); });
after(() => shop.close());

test('the table names every method of the client', () => {
  assert.deepEqual(Object.keys(operations).sort(), methodsOf(AlipaySdk));
});

test('the methods are all that the gateway serves', () => {
  const served = new Set();
  for (const name of ['gateway.cpp', 'alipay_platform.hpp']) {
    const source = readFileSync(fileURLToPath(new URL(`../../gateways/alipay/${name}`, import.meta.url)), 'utf8');
    for (const found of source.matchAll(/"(alipay\.[a-z.]+)"/g)) served.add(found[1]);
  }
  assert.deepEqual([...methods].sort(), [...served].sort());
});

for (const signType of signTypes) {
  test(`a trade from its making to its end: ${signType}`, async () => {
    const client = make({ signType });
    const outTradeNo = number('AS');
    const subject = '季卡 & <会员> + "1" 100% /a\\b';
    const content = biz(outTradeNo, { subject, body: '正文', buyerId: buyer, goodsDetail: [{ goodsId: '1', goodsName: '卡', quantity: 1, price: '88.88' }] });
    const made = await trade('create', content, client);
    assert.equal(made.code, '10000', made.subMsg);
    assert.equal(made.outTradeNo, outTradeNo);
    assert.match(made.tradeNo, /^\d{28}$/);
    assert.equal((await trade('create', content, client)).tradeNo, made.tradeNo);
    assert.equal((await order(outTradeNo)).subject, subject);
    await refused(trade('create', { ...content, totalAmount: '88.89' }, client), 'ACQ.CONTEXT_INCONSISTENT');

    const unpaid = await trade('query', { outTradeNo }, client);
    assert.equal(unpaid.tradeStatus, 'WAIT_BUYER_PAY');
    await pay(outTradeNo);
    const paid = await trade('query', { tradeNo: made.tradeNo, queryOptions: ['fund_bill_list'] }, client);
    assert.equal(paid.tradeStatus, 'TRADE_SUCCESS');
    assert.equal(paid.totalAmount, '88.88');
    assert.equal(paid.buyerUserId, buyer);
    assert.equal(paid.fundBillList[0].amount, '88.88');

    const first = await trade('refund', { outTradeNo, refundAmount: '30.00', outRequestNo: 'R1', refundReason: '少件' }, client);
    assert.equal(first.fundChange, 'Y');
    assert.equal(first.refundFee, '30.00');
    assert.equal((await trade('refund', { outTradeNo, refundAmount: '30.00', outRequestNo: 'R1' }, client)).fundChange, 'N');
    await refused(trade('refund', { outTradeNo, refundAmount: '30.01', outRequestNo: 'R1' }, client), 'ACQ.DISCORDANT_REPEAT_REQUEST');
    await refused(trade('refund', { outTradeNo, refundAmount: '58.89', outRequestNo: 'R2' }, client), 'ACQ.REASON_TRADE_REFUND_FEE_ERR');
    const found = await trade('fastpay.refund.query', { outTradeNo, outRequestNo: 'R1', queryOptions: ['gmt_refund_pay'] }, client);
    assert.equal(found.refundStatus, 'REFUND_SUCCESS');
    assert.equal(found.refundAmount, '30.00');
    assert.equal(found.totalAmount, '88.88');
    assert.ok(found.gmtRefundPay);
    const unknown = await trade('fastpay.refund.query', { outTradeNo, outRequestNo: 'R9' }, client);
    assert.deepEqual(Object.keys(unknown).sort(), ['code', 'msg', 'traceId']);

    assert.equal((await trade('refund', { outTradeNo, refundAmount: '58.88', outRequestNo: 'R2' }, client)).refundFee, '88.88');
    assert.equal((await trade('query', { outTradeNo }, client)).tradeStatus, 'TRADE_CLOSED');
    await refused(trade('refund', { outTradeNo, refundAmount: '0.01', outRequestNo: 'R3' }, client), 'ACQ.TRADE_HAS_CLOSE');
  });

  test(`the payment notification verifies in the client: ${signType}`, async () => {
    const client = make({ signType });
    const box = shop.mailbox();
    const outTradeNo = number('AS');
    const subject = '季卡+会员 1';
    await exec('alipay.trade.create', { notifyUrl: box.url, bizContent: biz(outTradeNo, { subject, buyerId: buyer }) }, client);
    await pay(outTradeNo);
    const delivery = await box.next();
    assert.match(delivery.headers['content-type'], /^application\/x-www-form-urlencoded/);
    const fields = form(delivery.body);
    assert.equal(fields.sign_type, signType);
    assert.equal(fields.subject, subject);
    assert.equal(fields.trade_status, 'TRADE_SUCCESS');
    assert.equal(fields.total_amount, '88.88');
    assert.equal(fields.out_trade_no, outTradeNo);
    assert.equal(fields.app_id, alipay.appId);
    assert.equal(fields.seller_id, alipay.mchId);
    assert.equal(client.checkNotifySign(fields), true);
    assert.equal(client.checkNotifySignV2(fields), true);
    const { sign, sign_type: type, ...rest } = fields;
    const content = Object.keys(rest).sort().map((name) => `${name}=${rest[name]}`).join('&');
    assert.equal(client.rsaCheck(content, sign, type), true);

    assert.equal(client.checkNotifySign({ ...fields, total_amount: '0.01' }), false);
    assert.equal(client.checkNotifySignV2({ ...fields, total_amount: '0.01' }), false);
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).trim();
    assert.equal(make({ signType, alipayPublicKey: stranger }).checkNotifySignV2(fields), false);

    delivery.answer('fail');
    const again = await box.next();
    const second = form(again.body);
    assert.equal(second.notify_id, fields.notify_id);
    assert.equal(client.checkNotifySignV2(second), true);
    again.answer('success');
    const record = await notified(outTradeNo, 'payment', 2);
    assert.deepEqual(record.attempts.map((attempt) => attempt.acknowledged), [false, true]);
    assert.equal(record.delivered, true);
    assert.equal(record.nextAttempt, null);
  });
}

test('values that are easy to decode wrongly, and the notification of a refund', async () => {
  const box = shop.mailbox();
  const subject = '100% + 中文 = "a" & b~*';
  const { outTradeNo } = await paidTrade({ subject, passbackParams: 'a%3d1%26b%20c' }, { notifyUrl: box.url });
  const payment = await box.next();
  const fields = form(payment.body);
  assert.equal(fields.subject, subject);
  assert.equal(fields.passback_params, 'a%3d1%26b%20c');
  assert.equal(sdk.checkNotifySignV2(fields), true);
  // The older function of the client decodes what is decoded already.
  assert.throws(() => sdk.checkNotifySign(fields), URIError);
  payment.answer('success');
  assert.equal((await notified(outTradeNo, 'payment')).delivered, true);

  await trade('refund', { outTradeNo, refundAmount: '8.88', outRequestNo: 'R1' });
  const refund = await box.next();
  const second = form(refund.body);
  assert.equal(sdk.checkNotifySignV2(second), true);
  assert.equal(second.refund_fee, '8.88');
  assert.equal(second.out_biz_no, 'R1');
  assert.equal(second.trade_status, 'TRADE_SUCCESS');
  refund.answer('success');
  assert.equal((await notified(outTradeNo, 'refund')).delivered, true);
});

test('keys as PKCS#1 and PKCS#8, in PEM and bare', async () => {
  const pkcs1 = createPrivateKey(privateKey).export({ type: 'pkcs1', format: 'pem' }).trim();
  const bare = (pem) => pem.split('\n').filter((line) => !line.startsWith('-----')).join('');
  for (const more of [{ privateKey: pkcs1, keyType: 'PKCS1' }, { privateKey: bare(pkcs1), keyType: 'PKCS1' }, { privateKey: bare(privateKey), alipayPublicKey: bare(alipayPublicKey) }]) {
    await refused(trade('query', { outTradeNo: number('AS') }, make(more)), 'ACQ.TRADE_NOT_EXIST');
  }
});

test('trades are closed and cancelled', async () => {
  const outTradeNo = number('AS');
  await trade('create', biz(outTradeNo, { buyerId: buyer }));
  assert.equal((await trade('close', { outTradeNo })).outTradeNo, outTradeNo);
  assert.equal((await trade('query', { outTradeNo })).tradeStatus, 'TRADE_CLOSED');
  await refused(trade('close', { outTradeNo }), 'ACQ.TRADE_STATUS_ERROR');
  await refused(trade('create', biz(outTradeNo, { buyerId: buyer })), 'ACQ.TRADE_HAS_CLOSE');

  const open = number('AS');
  await trade('create', biz(open, { buyerId: buyer }));
  const closed = await trade('cancel', { outTradeNo: open });
  assert.equal(closed.action, 'close');
  assert.equal(closed.retryFlag, 'N');
  const paid = await paidTrade();
  assert.equal((await trade('cancel', { outTradeNo: paid.outTradeNo })).action, 'refund');
  assert.equal((await order(paid.outTradeNo)).refundFee, 8888);
  const nothing = await trade('cancel', { outTradeNo: number('AS') });
  assert.equal(nothing.code, '10000');
  assert.equal(nothing.action, undefined);
  await refused(trade('close', { outTradeNo: (await paidTrade()).outTradeNo }), 'ACQ.TRADE_STATUS_ERROR');
});

test('refusals of unknown, unpaid and malformed trades', async () => {
  const missing = await refused(trade('query', { outTradeNo: number('AS') }), 'ACQ.TRADE_NOT_EXIST');
  assert.equal(missing.buyerPayAmount, '0.00');
  await refused(trade('close', { outTradeNo: number('AS') }), 'ACQ.TRADE_NOT_EXIST');
  await refused(trade('refund', { outTradeNo: number('AS'), refundAmount: '1.00' }), 'ACQ.TRADE_NOT_EXIST');
  await refused(trade('fastpay.refund.query', { outTradeNo: number('AS'), outRequestNo: 'R1' }), 'ACQ.TRADE_NOT_EXIST');
  await refused(trade('query', {}), 'ACQ.INVALID_PARAMETER');
  for (const totalAmount of ['0', '0.00', '88.888', '-1', '1e2', '']) {
    await refused(trade('create', biz(number('AS'), { totalAmount, buyerId: buyer })), 'ACQ.INVALID_PARAMETER');
  }
  await refused(trade('create', biz(number('AS'), { totalAmount: '100000000.01', buyerId: buyer })), 'ACQ.TOTAL_FEE_EXCEED');
  await refused(trade('create', biz(number('AS'), { buyerId: alipay.mchId })), 'ACQ.BUYER_SELLER_EQUAL');
  const outTradeNo = number('AS');
  await trade('create', biz(outTradeNo, { buyerId: buyer }));
  await refused(trade('refund', { outTradeNo, refundAmount: '1.00', outRequestNo: 'R1' }), 'ACQ.TRADE_STATUS_ERROR');
  const paid = await paidTrade();
  await refused(trade('refund', { outTradeNo: paid.outTradeNo, refundAmount: '1.00' }), 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL');
  await refused(trade('create', biz(paid.outTradeNo, { buyerId: buyer })), 'ACQ.TRADE_HAS_SUCCESS');
});

test('a wrong key, another app, an unknown method', async () => {
  const query = { bizContent: { outTradeNo: number('AS') } };
  const strange = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).trim();
  const wrongKey = await refused(make({ privateKey: strange }).exec('alipay.trade.query', query), 'isv.invalid-signature', '40002');
  assert.match(wrongKey.subMsg, /网关生成的验签字符串为：app_id=/);
  await refused(make({ appId: '2021000000000000' }).exec('alipay.trade.query', query), 'isv.invalid-app-id', '40002');
  // That answer has no signature, and the client that is told to verify it fails on that.
  await assert.rejects(make({ appId: '2021000000000000' }).exec('alipay.trade.query', query, { validateSign: true }), TypeError);
  await refused(exec('alipay.trade.nonsense', query), 'isv.invalid-method', '40002');
  await refused(make({ charset: 'latin1' }).exec('alipay.trade.query', query), 'isv.invalid-charset', '40002');
  await refused(make({ version: '2.0' }).exec('alipay.trade.query', query), 'isv.invalid-parameter', '40002');
});

test('answers with a wrong signature, and keys that are not Alipay\'s', async () => {
  const { outTradeNo } = await paidTrade();
  await control('POST', '/fault', { path: 'alipay.trade.query', times: 1, fault: 'badSignature' });
  await assert.rejects(trade('query', { outTradeNo }), /验签失败/);
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).trim();
  await assert.rejects(trade('query', { outTradeNo }, make({ alipayPublicKey: stranger })), /验签失败/);
  assert.equal((await trade('query', { outTradeNo })).tradeStatus, 'TRADE_SUCCESS');
});

test('the bytes that the client takes for signed are the signed ones', async () => {
  const { outTradeNo } = await paidTrade();
  const url = new URL(sdk.pageExec('alipay.trade.query', 'GET', { bizContent: { outTradeNo } }));
  const response = await fetch(url, { method: 'POST' });
  assert.equal(response.status, 200);
  const text = await response.text();
  const content = sdk.getSignStr(text, 'alipay_trade_query_response');
  assert.equal(JSON.parse(content).out_trade_no, outTradeNo);
  assert.equal(sdk.rsaCheck(content, JSON.parse(text).sign), true);
});

test('a QR code is made, and the trade is there once it is scanned', async () => {
  const outTradeNo = number('AS');
  const made = await trade('precreate', biz(outTradeNo));
  assert.equal(made.code, '10000', made.subMsg);
  assert.match(made.qrCode, /^https:\/\/qr\.alipay\.com\//);
  await refused(trade('query', { outTradeNo }), 'ACQ.TRADE_NOT_EXIST');
  await pay(outTradeNo);
  assert.equal((await trade('query', { outTradeNo })).tradeStatus, 'TRADE_SUCCESS');
});

test('bar code payments: paid, waiting for the password, unknown, refused', async () => {
  const code = async (result) => (await control('POST', '/paycode', { provider: 'alipay', result })).code;
  const content = async (result) => biz(number('AS'), { authCode: await code(result), scene: 'bar_code' });
  const paid = await trade('pay', await content('ok'));
  assert.equal(paid.code, '10000', paid.subMsg);
  assert.equal(paid.totalAmount, '88.88');
  assert.ok(paid.gmtPayment);
  const waiting = await content('password');
  assert.equal((await trade('pay', waiting)).code, '10003');
  assert.equal((await trade('query', { outTradeNo: waiting.outTradeNo })).tradeStatus, 'WAIT_BUYER_PAY');
  assert.equal((await trade('cancel', { outTradeNo: waiting.outTradeNo })).action, 'close');
  const unknown = await content('unknown');
  assert.equal((await trade('pay', unknown)).code, '20000');
  assert.equal((await trade('query', { outTradeNo: unknown.outTradeNo })).tradeStatus, 'TRADE_SUCCESS');
  await refused(trade('pay', biz(number('AS'), { authCode: '123', scene: 'bar_code' })), 'ACQ.PAYMENT_AUTH_CODE_INVALID');
});

test('the order string of an app is paid', async () => {
  for (const name of ['sdkExecute', 'sdkExec']) {
    const box = shop.mailbox();
    const outTradeNo = number('AS');
    const orderString = sdk[name]('alipay.trade.app.pay', { notifyUrl: box.url, bizContent: biz(outTradeNo, { productCode: 'QUICK_MSECURITY_PAY', subject: '季卡 & 100%' }) });
    await refused(trade('query', { outTradeNo }), 'ACQ.TRADE_NOT_EXIST');
    await pay(outTradeNo, { orderString });
    const delivery = await box.next();
    const fields = form(delivery.body);
    assert.equal(fields.out_trade_no, outTradeNo);
    assert.equal(fields.subject, '季卡 & 100%');
    assert.equal(sdk.checkNotifySignV2(fields), true);
    delivery.answer('success');
    assert.equal((await notified(outTradeNo, 'payment')).delivered, true);
    assert.equal((await trade('query', { outTradeNo })).tradeStatus, 'TRADE_SUCCESS');
  }
  const direct = await exec('alipay.trade.app.pay', { bizContent: biz(number('AS')) });
  assert.equal(direct.sellerId, alipay.mchId);
});

// What a browser does with the client's form.
function submit(html) {
  const unescape = (text) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  const action = /<form action="([^"]*)" method="post"/.exec(html)[1];
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map((found) => [found[1], unescape(found[2])]);
  return fetch(action, { method: 'POST', body: new URLSearchParams(inputs) });
}

for (const [method, productCode] of [['alipay.trade.page.pay', 'FAST_INSTANT_TRADE_PAY'], ['alipay.trade.wap.pay', 'QUICK_WAP_WAY']]) {
  for (const name of ['pageExecute', 'pageExec']) {
    test(`${method} by GET and POST: ${name}`, async () => {
      for (const way of ['GET', 'POST']) {
        const box = shop.mailbox();
        const outTradeNo = number('AS');
        const params = { notifyUrl: box.url, returnUrl: 'https://shop.example/return?from=alipay', bizContent: biz(outTradeNo, { productCode, subject: '季卡 "1" + 100%' }) };
        const made = sdk[name](method, way, params);
        const page = await (way === 'GET' ? fetch(made) : submit(made));
        assert.equal(page.status, 200);
        assert.match(page.headers.get('content-type'), /^text\/html/);
        assert.match(await page.text(), new RegExp(outTradeNo));
        const state = await trade('query', { outTradeNo });
        assert.equal(state.tradeStatus, 'WAIT_BUYER_PAY');
        called.add(method);

        const { returnUrl } = await pay(outTradeNo);
        const back = Object.fromEntries(new URL(returnUrl).searchParams);
        assert.equal(back.from, 'alipay');
        delete back.from;
        assert.equal(back.out_trade_no, outTradeNo);
        assert.equal(sdk.checkNotifySignV2(back), true);
        assert.equal(sdk.checkNotifySignV2({ ...back, total_amount: '0.01' }), false);
        const delivery = await box.next();
        assert.equal(sdk.checkNotifySignV2(form(delivery.body)), true);
        delivery.answer('success');
        assert.equal((await notified(outTradeNo, 'payment')).delivered, true);
      }
      const broken = await fetch(make({ appId: '2021000000000000' })[name](method, 'GET', { bizContent: biz(number('AS'), { productCode }) }));
      assert.equal(broken.status, 200);
      assert.match(new TextDecoder('gbk').decode(await broken.arrayBuffer()), /错误代码 invalid-app-id/);
    });
  }
}

test('logins: a code is redeemed once, a token refreshed once', async () => {
  const method = 'alipay.system.oauth.token';
  const { code, openid } = await control('POST', '/authcode', { provider: 'alipay', openid: 'mia' });
  const first = await exec(method, { grantType: 'authorization_code', code });
  assert.equal(first.userId, openid);
  assert.ok(first.accessToken);
  const second = await exec(method, { grantType: 'refresh_token', refreshToken: first.refreshToken });
  assert.equal(second.userId, openid);
  assert.notEqual(second.accessToken, first.accessToken);
  // These answers are under error_response, where the client's verifier does not look.
  await refused(sdk.exec(method, { grantType: 'authorization_code', code }), 'isv.code-invalid', '40002');
  await refused(sdk.exec(method, { grantType: 'refresh_token', refreshToken: first.refreshToken }), 'isv.refresh-token-invalid', '40002');
  await refused(sdk.exec(method, { grantType: 'nonsense' }), 'isv.grant-type-invalid', '40002');
});

test('what is outside the gateway is not there', async () => {
  const upload = new AlipayFormData();
  upload.addField('bizCode', 'test');
  upload.addFile('fileContent', 'a.txt', Buffer.from('内容'));
  await refused(sdk.exec('alipay.open.file.upload', {}, { formData: upload }), 'isv.invalid-method', '40002');
  const aes = make({ encryptKey: Buffer.alloc(16, 7).toString('base64') });
  await refused(aes.exec('alipay.trade.query', { needEncrypt: true, bizContent: { outTradeNo: number('AS') } }), 'isv.missing-encrypt-key', '40001');
  const third = make({ endpoint: new URL(alipay.gateway).origin });
  await assert.rejects(third.curl('POST', '/v3/alipay/trade/query', { body: { out_trade_no: '1' } }));
  await assert.rejects(third.curlStream('POST', '/v3/alipay/trade/query', { body: { out_trade_no: '1' } }));
  await assert.rejects(third.sse('POST', '/v3/alipay/trade/query', { body: { out_trade_no: '1' } }).next());
});

test('a refund whose answer is lost is repeated with the same number', async () => {
  const { outTradeNo } = await paidTrade();
  const lost = { outTradeNo, refundAmount: '10.00', outRequestNo: 'R1' };
  // The client itself sends a second time when a connection breaks.
  await control('POST', '/fault', { path: 'alipay.trade.refund', times: 2, fault: 'dropAfterCommit' });
  await assert.rejects(trade('refund', lost), /HttpClient Request error/);
  assert.equal((await trade('refund', lost)).fundChange, 'N');
  assert.equal((await order(outTradeNo)).refundFee, 1000);
});

// The members of a zip file, their names and contents read as GB18030.
function unzip(bytes) {
  const text = (part) => new TextDecoder('gb18030', { fatal: true }).decode(part);
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06'));
  const members = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, nameSize, extraSize, commentSize] = [bytes.readUInt32LE(at + 20), ...[28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset))];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + packed);
    const utf8Flag = bytes.readUInt16LE(at + 8) & 0x800;
    assert.equal(utf8Flag, 0);
    members.set(text(bytes.subarray(at + 46, at + 46 + nameSize)), text(bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(content) : content));
    at += 46 + nameSize + extraSize + commentSize;
  }
  return members;
}

test('the bill of a day is asked for, downloaded and read', async () => {
  const method = 'alipay.data.dataservice.bill.downloadurl.query';
  const bill = (billDate, billType = 'trade') => exec(method, { bizContent: { billType, billDate } });
  const day = await nextNoon();
  const { outTradeNo, tradeNo } = await paidTrade({ subject: '季卡，镕' });
  await trade('refund', { outTradeNo, refundAmount: '8.88', outRequestNo: 'R1' });
  await refused(bill(day), 'INVAILID_ARGUMENTS');
  await nextNoon();

  const { billDownloadUrl } = await bill(day);
  const response = await fetch(billDownloadUrl);
  assert.equal(response.status, 200);
  const members = unzip(Buffer.from(await response.arrayBuffer()));
  const name = `${alipay.mchId}0156_${day.replaceAll('-', '')}_业务明细`;
  assert.deepEqual([...members.keys()].sort(), [`${name}(汇总).csv`, `${name}.csv`].sort());
  const lines = members.get(`${name}.csv`).split('\r\n');
  const start = lines.findIndex((line) => !line.startsWith('#'));
  const titles = lines[start].split(',');
  assert.equal(titles.length, 25);
  const rows = [];
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith('#')) break;
    rows.push(Object.fromEntries(line.split(',').map((cell, i) => [titles[i], cell.trim()])));
  }
  assert.deepEqual(rows.map((row) => row['业务类型']), ['交易', '退款']);
  for (const row of rows) {
    assert.equal(row['商户订单号'], outTradeNo);
    assert.equal(row['支付宝交易号'], tradeNo);
    assert.equal(row['商品名称'], '季卡，镕');
  }
  assert.equal(rows[0]['订单金额（元）'], '88.88');
  assert.equal(rows[1]['退款批次号/请求号'], 'R1');
  assert.equal((await bill(day, 'signcustomer')).code, '10000');

  await control('POST', '/clock', { advanceSeconds: 31 });
  assert.equal((await fetch(billDownloadUrl)).status, 404);
  await refused(bill('2020-13-01'), 'INVAILID_ARGUMENTS');
  await refused(bill(day, 'nonsense'), 'INVAILID_ARGUMENTS');
  const before_ = new Date(Date.parse(`${day}T00:00:00Z`) - 300 * 86400e3).toISOString().slice(0, 10);
  await refused(bill(before_), 'NO_BILL_DATA');
});

test('every method and every operation that the tables call tested has succeeded', () => {
  assert.deepEqual(methods.filter((name) => !called.has(name)), []);
  const tested = Object.keys(operations).filter((name) => operations[name] === 'tested');
  assert.deepEqual(tested.filter((name) => !seen.has(name)), []);
});

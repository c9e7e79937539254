// wechatpay-axios-plugin 0.9.6: its APIv2 half against the local WeChat Pay.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import plugin from 'wechatpay-axios-plugin';
import { functionsOf, watched } from './support/coverage.mjs';
import { Shop, control, file, folder, nextNoon, notified, number, order, urls, weixin } from './support/sandbox.mjs';

const v3 = 'APIv3: not a protocol of the gateway';
const inner = 'runs inside every call';
const convenience = 'a helper that touches no wire format of the gateway';

// Every function that the client exports.
const functions = {
  normalize: inner,
  Hash: 'a name space',
  'Hash.keyObjectFrom': 'tested',
  'Hash.md5': 'tested',
  'Hash.hmac': 'tested',
  'Hash.sha1': 'tested',
  'Hash.equals': 'tested',
  'Hash.sign': 'tested',
  'Hash.sha256': v3,
  'Hash.isKeyObject': convenience,
  Transformer: 'tested',
  'Transformer.toObject': 'tested',
  'Transformer.toXml': 'tested',
  Formatter: 'a name space',
  'Formatter.castCsvBill': 'tested',
  'Formatter.castCsvLine': inner,
  'Formatter.nonce': 'tested',
  'Formatter.timestamp': 'tested',
  'Formatter.ksort': 'tested',
  'Formatter.queryStringLike': 'tested',
  'Formatter.authorization': v3,
  'Formatter.request': v3,
  'Formatter.response': v3,
  'Formatter.joinedByLineFeed': v3,
  Aes: 'a name space',
  'Aes.pkcs7.padding': inner,
  'Aes.pkcs7.unpadding': inner,
  'Aes.AesEcb': 'a name space',
  'Aes.AesEcb.decrypt': 'tested',
  'Aes.AesEcb.encrypt': 'tested',
  'Aes.AesGcm': v3,
  'Aes.AesGcm.encrypt': v3,
  'Aes.AesGcm.decrypt': v3,
  'Aes.AesCbc': 'WeChat Work: another product',
  'Aes.AesCbc.encrypt': 'WeChat Work: another product',
  'Aes.AesCbc.decrypt': 'WeChat Work: another product',
  Decorator: inner,
  'Decorator.xmlBased': inner,
  'Decorator.responseDetectorInterceptor': inner,
  'Decorator.requestInterceptor': v3,
  'Decorator.responseVerifier': v3,
  'Decorator.jsonBased': v3,
  Rsa: v3,
  'Rsa.isKeyObject': v3,
  'Rsa.fromPkcs8': v3,
  'Rsa.fromPkcs1': v3,
  'Rsa.fromSpki': v3,
  'Rsa.from': v3,
  'Rsa.encrypt': v3,
  'Rsa.decrypt': v3,
  'Rsa.sign': v3,
  'Rsa.verify': v3,
  Multipart: v3,
  'Multipart.FormData': v3,
};

// The chain reaches any path; these are the ones that the gateway serves.
const paths = [
  '/pay/unifiedorder', '/pay/orderquery', '/pay/closeorder', '/secapi/pay/refund', '/pay/refundquery', '/pay/downloadbill', '/pay/downloadfundflow',
];
const sandboxPaths = ['/pay/getsignkey', '/pay/unifiedorder', '/pay/orderquery', '/pay/closeorder', '/pay/refund', '/pay/refundquery', '/pay/downloadbill']
  .map((path) => `/sandboxnew${path}`);

const seen = new Set();
const called = new Set();
const Hash = watched(plugin.Hash, seen, 'Hash.');
const Transformer = watched(plugin.Transformer, seen, 'Transformer.');
const Formatter = watched(plugin.Formatter, seen, 'Formatter.');
const AesEcb = watched(plugin.Aes.AesEcb, seen, 'Aes.AesEcb.');

const pem = { cert: file('apiclient_cert.pem'), key: file('apiclient_key.pem') };
const p12 = { pfx: file('apiclient_cert.p12'), passphrase: weixin.mchId };
const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const signTypes = ['MD5', 'HMAC-SHA256'];

function make({ secret = weixin.key, merchant = pem } = {}) {
  const made = new plugin.Wechatpay({
    baseURL: urls.weixinPay, mchid: weixin.mchId, serial: 'ANY', privateKey: file('apiclient_key.pem'), certs: { PLATFORM: pem.cert }, secret, merchant,
  });
  made.client.v2.interceptors.response.use((response) => {
    called.add(`/${response.config.url.replace(/^\//, '')}`);
    return response;
  });
  return made;
}

const wxpay = make();
const identity = { appid: weixin.appId, mch_id: weixin.mchId };
const secure = { security: true };

let shop;
before(async () => { shop = await Shop.open(); });
after(() => shop.close());

// The client reports a refusal as an error with the platform's fields in its response.
async function refused(call, expected, code = 'EV2_RES_STATUS_CODE_NOT_SUCESS') {
  await assert.rejects(call, (error) => {
    assert.equal(error.code, code);
    for (const [name, value] of Object.entries(expected)) assert.equal(error.response.data[name], value);
    return true;
  });
}

const orderOf = (outTradeNo, more = {}) => ({
  ...identity, out_trade_no: outTradeNo, body: '季卡', total_fee: 8800, spbill_create_ip: '127.0.0.1', notify_url: 'http://127.0.0.1:9/nobody', trade_type: 'JSAPI', openid, ...more,
});

async function paidOrder(more = {}, payment = {}) {
  const outTradeNo = number('WA');
  await wxpay.v2.pay.unifiedorder.post(orderOf(outTradeNo, more));
  await control('POST', '/pay', { provider: 'weixin', outTradeNo, openid, ...payment });
  return outTradeNo;
}

// A notification through the client's own parser and verifier, as its answers go.
function verified(body, secret = weixin.key) {
  const [parse, verify] = new Transformer(weixin.mchId, Hash.keyObjectFrom(Buffer.from(secret))).response;
  seen.add('Transformer');
  return verify.call({}, parse.call({}, body.toString('utf8')));
}

const acknowledgement = () => Transformer.toXml({ return_code: 'SUCCESS', return_msg: 'OK' });

test('the table names every function of the client', () => {
  assert.deepEqual(Object.keys(functions).sort(), functionsOf(plugin));
});

test('the paths are all that the gateway serves', () => {
  const source = readFileSync(fileURLToPath(new URL('../../gateways/weixin/platform.cpp', import.meta.url)), 'utf8');
  const served = new Set([...source.matchAll(/"(\/(?:secapi\/)?pay\/\w+)"/g)].map((found) => found[1]));
  const named = new Set([...paths, ...sandboxPaths.map((path) => path.replace('/sandboxnew', ''))]);
  assert.deepEqual([...named].sort(), [...served].sort());
});

for (const signType of signTypes) {
  test(`an order from its making to its payment: ${signType}`, async () => {
    const outTradeNo = number('WA');
    const more = { sign_type: signType, body: '季卡 & <会员> "1" \'2\'', attach: '店=1;桌=2', detail: '{"goods_detail":[{"goods_id":"1"}]}' };
    const { data: made } = await wxpay.v2.pay.unifiedorder.post(orderOf(outTradeNo, more));
    assert.equal(made.return_code, 'SUCCESS');
    assert.match(made.prepay_id, /^wx/);
    assert.equal(made.sign.length, signType === 'MD5' ? 32 : 64);
    assert.equal((await order(outTradeNo)).body, more.body);

    const query = { ...identity, out_trade_no: outTradeNo, sign_type: signType };
    assert.equal((await wxpay.v2.pay.orderquery(query)).data.trade_state, 'NOTPAY');
    await control('POST', '/pay', { provider: 'weixin', outTradeNo, coupons: [{ couponId: '10000', couponType: 'CASH', couponFee: 100 }] });
    const { data: paid } = await wxpay.chain('v2/pay/orderquery').post(query);
    assert.equal(paid.trade_state, 'SUCCESS');
    assert.equal(paid.total_fee, '8800');
    assert.equal(paid.coupon_fee_0, '100');
    assert.equal(paid.attach, more.attach);
    assert.equal(paid.sign, Hash.sign(signType, paid, weixin.key));
    const { data: again } = await wxpay['v2/pay/orderquery'].post({ ...identity, transaction_id: paid.transaction_id, sign_type: signType });
    assert.equal(again.out_trade_no, outTradeNo);
    await refused(wxpay.v2.pay.orderquery({ ...identity, sign_type: signType, out_trade_no: number('WA') }), { err_code: 'ORDERNOTEXIST' });
  });

  test(`refunds and their query: ${signType}`, async () => {
    const outTradeNo = await paidOrder();
    const part = { ...identity, out_trade_no: outTradeNo, total_fee: 8800, sign_type: signType };
    const [first, second] = [number('RF'), number('RF')];
    const { data: made } = await wxpay.v2.secapi.pay.refund.post({ ...part, out_refund_no: first, refund_fee: 3000 }, secure);
    assert.equal(made.refund_fee, '3000');
    const byP12 = make({ merchant: p12 });
    await byP12.v2.secapi.pay.refund.post({ ...part, out_refund_no: second, refund_fee: 5800 }, secure);
    const { data: all } = await wxpay.v2.pay.refundquery.post({ ...identity, out_trade_no: outTradeNo, sign_type: signType });
    assert.equal(all.refund_count, '2');
    assert.equal(all.refund_fee_1, '5800');
    assert.equal(all.out_refund_no_0, first);
    await refused(wxpay.v2.secapi.pay.refund.post({ ...part, out_refund_no: number('RF'), refund_fee: 1 }, secure), { err_code: 'ERROR' });
    await refused(wxpay.v2.secapi.pay.refund.post({ ...part, out_refund_no: first, refund_fee: 1 }, secure), { err_code: 'REFUND_FEE_MISMATCH' });
    await refused(wxpay.v2.secapi.pay.refund.post({ ...part, out_refund_no: number('RF'), refund_fee: 8801 }, secure), { return_code: 'FAIL', return_msg: 'invalid refund_fee' });
    await refused(wxpay.v2.pay.refundquery.post({ ...identity, out_refund_no: number('RF'), sign_type: signType }), { err_code: 'REFUNDNOTEXIST' });
  });

  test(`the payment notification verifies with the client's helpers: ${signType}`, async () => {
    const box = shop.mailbox();
    const outTradeNo = await paidOrder({ notify_url: box.url, sign_type: signType, attach: '附加 & <数据>' });
    const delivery = await box.next();
    const fields = verified(delivery.body);
    assert.equal(fields.out_trade_no, outTradeNo);
    assert.equal(fields.total_fee, '8800');
    assert.equal(fields.attach, '附加 & <数据>');
    assert.equal(fields.sign.length, signType === 'MD5' ? 32 : 64);
    assert.ok(Hash.equals(fields.sign, Hash.sign(signType, Transformer.toObject(delivery.body.toString('utf8')), weixin.key)));

    const forged = verified(Buffer.from(delivery.body.toString('utf8').replace(/8800/g, '1')));
    assert.equal(forged.code, 'EV2_RES_SIGNATURE_NOT_EQUAL');
    assert.equal(verified(delivery.body, '0'.repeat(32)).code, 'EV2_RES_SIGNATURE_NOT_EQUAL');

    delivery.answer(acknowledgement(), 'text/xml');
    const record = await notified(outTradeNo, 'payment');
    assert.equal(record.delivered, true);
    assert.equal(record.nextAttempt, null);
  });
}

test('signatures and pay parameters by the client\'s own helpers', () => {
  const params = { timeStamp: `${Formatter.timestamp()}`, appId: weixin.appId, nonceStr: Formatter.nonce(), package: 'prepay_id=wx1', signType: 'MD5' };
  const text = `appId=${params.appId}&nonceStr=${params.nonceStr}&package=prepay_id=wx1&signType=MD5&timeStamp=${params.timeStamp}`;
  assert.equal(Formatter.queryStringLike(Formatter.ksort(params)), text);
  assert.equal(Hash.sign('MD5', params, weixin.key), createHash('md5').update(`${text}&key=${weixin.key}`).digest('hex').toUpperCase());
  assert.equal(Hash.md5(text, weixin.key), createHash('md5').update(`${text}&key=${weixin.key}`).digest('hex'));
  assert.equal(Hash.hmac(text, weixin.key), createHmac('sha256', weixin.key).update(`${text}&key=${weixin.key}`).digest('hex'));
});

test('the refund notification is decrypted by AES-256-ECB', async () => {
  const box = shop.mailbox();
  const outTradeNo = await paidOrder();
  const outRefundNo = number('RF');
  await wxpay.v2.secapi.pay.refund.post({ ...identity, out_trade_no: outTradeNo, out_refund_no: outRefundNo, total_fee: 8800, refund_fee: 8800, notify_url: box.url }, secure);
  const delivery = await box.next();
  const outer = Transformer.toObject(delivery.body.toString('utf8'));
  assert.equal(outer.return_code, 'SUCCESS');
  assert.equal(outer.mch_id, weixin.mchId);
  assert.equal(outer.sign, undefined);
  const key = Hash.md5(weixin.key);
  const text = AesEcb.decrypt(outer.req_info, key);
  assert.match(text, /^<root>/);
  assert.equal(AesEcb.encrypt(text, key).slice(0, 64), outer.req_info.slice(0, 64));
  const info = Transformer.toObject(text);
  assert.equal(info.out_trade_no, outTradeNo);
  assert.equal(info.out_refund_no, outRefundNo);
  assert.equal(info.refund_fee, '8800');
  assert.equal(info.refund_status, 'SUCCESS');
  delivery.answer(acknowledgement(), 'text/xml');
  assert.equal((await notified(outTradeNo, 'refund')).delivered, true);
});

test('an order is closed once', async () => {
  const outTradeNo = number('WA');
  await wxpay.v2.pay.unifiedorder.post(orderOf(outTradeNo));
  const close = { ...identity, out_trade_no: outTradeNo };
  assert.equal((await wxpay.v2.pay.closeorder.post(close)).data.result_code, 'SUCCESS');
  await refused(wxpay.v2.pay.closeorder.post(close), { err_code: 'ORDERCLOSED' });
  await refused(wxpay.v2.pay.unifiedorder.post(orderOf(outTradeNo)), { err_code: 'ORDERCLOSED' });
  await refused(wxpay.v2.pay.closeorder.post({ ...identity, out_trade_no: await paidOrder() }), { err_code: 'ORDERPAID' });
});

test('a wrong key, another app, a wrong method, a missing parameter, a wrong type', async () => {
  const query = { ...identity, out_trade_no: number('WA') };
  await refused(make({ secret: '0'.repeat(32) }).v2.pay.orderquery(query), { return_code: 'FAIL', return_msg: '签名错误' });
  await refused(wxpay.v2.pay.orderquery({ ...query, appid: 'wx0000000000000000' }), { return_msg: 'appid不存在' });
  await refused(wxpay.v2.pay.orderquery(identity), { return_msg: '缺少参数 out_trade_no' });
  await refused(wxpay.v2.pay.orderquery({ ...query, sign_type: 'SHA1' }), { return_msg: 'invalid sign_type' });
  await refused(wxpay.v2.pay.orderquery.get({ params: query }), { return_code: 'FAIL' });
  await refused(wxpay.v2.pay.unifiedorder.post(orderOf(number('WA'), { total_fee: '1.5' })), { return_msg: 'invalid total_fee' });
});

test('answers with a wrong signature are not believed', async () => {
  const outTradeNo = await paidOrder();
  await control('POST', '/fault', { path: '/pay/orderquery', times: 1, fault: 'badSignature' });
  await refused(wxpay.v2.pay.orderquery({ ...identity, out_trade_no: outTradeNo }), { out_trade_no: outTradeNo }, 'EV2_RES_SIGNATURE_NOT_EQUAL');
});

test('without the client certificate: HTTP 400', async () => {
  const outTradeNo = await paidOrder();
  const refund = { ...identity, out_trade_no: outTradeNo, out_refund_no: number('RF'), total_fee: 8800, refund_fee: 8800 };
  await assert.rejects(wxpay.v2.secapi.pay.refund.post(refund), (error) => error.response.status === 400);
  await assert.rejects(
    wxpay.v2.pay.downloadfundflow.post({ ...identity, bill_date: '20200101', account_type: 'Basic', sign_type: 'HMAC-SHA256' }),
    (error) => error.response.status === 400,
  );
  await refused(wxpay.v2.pay.refundquery.post({ ...identity, out_trade_no: outTradeNo }), { err_code: 'REFUNDNOTEXIST' });
});

test('APIv3 and other products are not there', async () => {
  await assert.rejects(wxpay.v2.mmpaymkttransfers.sendredpack.post({ mch_id: weixin.mchId }, secure), (error) => error.response.status === 404);
  await assert.rejects(wxpay.v2.pay.micropay.post(identity), (error) => error.response.status === 404);
  await assert.rejects(wxpay.v3.certificates.get(), (error) => error.response.status === 404);
});

test('the platform\'s own sandbox', async () => {
  // The answer with the key is unsigned; the client knows that of the newer path only, so its verifier is left out.
  const raw = { transformResponse: [Transformer.toObject] };
  const { data: { sandbox_signkey: secret } } = await wxpay.v2.sandboxnew.pay.getsignkey.post({ mch_id: weixin.mchId }, raw);
  assert.match(secret, /^[0-9a-f]{32}$/);
  const box = shop.mailbox();
  const inSandbox = make({ secret }).v2.sandboxnew.pay;
  const outTradeNo = number('SB');
  const { data: made } = await inSandbox.unifiedorder.post(orderOf(outTradeNo, { total_fee: 552, notify_url: box.url }));
  assert.equal(made.device_info, 'sandbox');
  assert.equal(made.err_code, 'SUCCESS');
  const delivery = await box.next();
  assert.equal(verified(delivery.body, secret).out_trade_no, outTradeNo);
  delivery.answer(acknowledgement(), 'text/xml');
  assert.equal((await notified(outTradeNo, 'payment')).delivered, true);

  const { data: paid } = await inSandbox.orderquery.post({ ...identity, out_trade_no: outTradeNo });
  assert.equal(paid.trade_state, 'SUCCESS');
  assert.equal(paid.total_fee, '552');
  const outRefundNo = number('RF');
  await inSandbox.refund.post({ ...identity, out_trade_no: outTradeNo, out_refund_no: outRefundNo, total_fee: 552, refund_fee: 552 });
  const { data: refunds } = await inSandbox.refundquery.post({ ...identity, out_trade_no: outTradeNo });
  assert.equal(refunds.out_refund_no_0, outRefundNo);
  await inSandbox.closeorder.post({ ...identity, out_trade_no: outTradeNo });
  await refused(inSandbox.unifiedorder.post(orderOf(number('SB'), { total_fee: 99 })), { return_msg: '沙箱支付金额(99)无效,请检查需要验收的case' });
  await refused(wxpay.v2.sandboxnew.pay.orderquery.post({ ...identity, out_trade_no: outTradeNo }), { return_code: 'FAIL' });

  const day = (await order(outTradeNo)).timeEnd.slice(0, 8);
  await nextNoon();
  const { data: bill } = await inSandbox.downloadbill.post(
    { ...identity, bill_date: day, bill_type: 'SUCCESS' },
    { responseType: 'arraybuffer', transformResponse: [(bytes) => Formatter.castCsvBill(bytes)] },
  );
  assert.deepEqual(bill.rows.map((row) => row['商户订单号']), [outTradeNo]);
});

// Its parser makes numbers of the data, which its own check against `mchid`, a text, then refuses: hence no `mchid`.
test('the client\'s command line', async () => {
  const outTradeNo = await paidOrder();
  const cli = fileURLToPath(new URL('node_modules/wechatpay-axios-plugin/bin/cli.js', import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    cli, 'v2.pay.orderquery', '-u', urls.weixinPay, '-c.mchid', '', '-c.serial', 'ANY', '-c.privateKey', join(folder, 'apiclient_key.pem'),
    '-c.certs.PLATFORM', join(folder, 'apiclient_cert.pem'), '-c.secret', weixin.key, '-d.appid', weixin.appId, '-d.mch_id', weixin.mchId, '-d.out_trade_no', outTradeNo,
  ].map(String));
  assert.equal(stderr, '');
  assert.match(stdout, /trade_state: 'SUCCESS'/);
  assert.match(stdout, new RegExp(`out_trade_no: '${outTradeNo}'`));
});

test('the bill and the fund flow of a day, plain and gzip', async () => {
  const day = (await nextNoon()).replaceAll('-', '');
  const outTradeNo = await paidOrder({ body: '逗号,"引号"' });
  const outRefundNo = number('RF');
  await wxpay.v2.secapi.pay.refund.post({ ...identity, out_trade_no: outTradeNo, out_refund_no: outRefundNo, total_fee: 8800, refund_fee: 300 }, secure);
  const request = { ...identity, bill_date: day, bill_type: 'ALL' };
  await refused(wxpay.v2.pay.downloadbill.post(request), { return_msg: 'Bill Creating', error_code: '20003' });
  await nextNoon();

  const cast = (unpack = (bytes) => bytes) => ({ responseType: 'arraybuffer', transformResponse: [(bytes) => Formatter.castCsvBill(unpack(Buffer.from(bytes)))] });
  const { data: { rows, summary } } = await wxpay.v2.pay.downloadbill.post(request, cast());
  assert.equal(Object.keys(rows[0]).length, 27);
  assert.deepEqual(rows.filter((row) => row['商户订单号'] === outTradeNo).map((row) => row['交易状态']), ['SUCCESS', 'REFUND']);
  assert.equal(rows[0]['商品名称'], '逗号,"引号"');
  assert.equal(rows[0]['订单金额'], '88.00');
  assert.equal(rows[1]['申请退款金额'], '3.00');
  assert.equal(Number(summary['总交易单数']), rows.length);
  const { data: unzipped } = await wxpay.v2.pay.downloadbill.post({ ...request, tar_type: 'GZIP' }, cast(gunzipSync));
  assert.deepEqual(unzipped, { rows, summary });

  const flowRequest = { ...identity, bill_date: day, account_type: 'Basic', sign_type: 'HMAC-SHA256' };
  const whole = { ...secure, responseType: 'arraybuffer', transformResponse: [(bytes) => Buffer.from(bytes)] };
  const { data: flow, headers } = await wxpay.v2.pay.downloadfundflow.post(flowRequest, whole);
  assert.equal(headers.digest, `SHA=${Hash.sha1(flow)}`);
  const entries = Formatter.castCsvBill(flow);
  assert.equal(Object.keys(entries.rows[0]).length, 11);
  assert.equal(Number(entries.summary['资金流水总笔数']), entries.rows.length);
  const { data: zipped } = await wxpay.v2.pay.downloadfundflow.post({ ...flowRequest, tar_type: 'GZIP' }, whole);
  assert.deepEqual(gunzipSync(zipped), flow);

  await refused(wxpay.v2.pay.downloadbill.post({ ...request, bill_type: 'NONSENSE' }), { return_msg: 'invalid bill_type' });
  await refused(wxpay.v2.pay.downloadbill.post({ ...request, bill_date: '20000101' }), { return_msg: 'invalid bill_date' });
  await refused(wxpay.v2.pay.downloadfundflow.post({ ...flowRequest, sign_type: 'MD5' }, secure), { err_code: 'PARAM_ERROR' });
  await refused(wxpay.v2.pay.downloadfundflow.post({ ...flowRequest, account_type: 'Fees' }, secure), { err_code: 'NO_BILL_EXIST' });
});

test('every path and every function that the tables call tested has succeeded', () => {
  assert.deepEqual([...paths, ...sandboxPaths].filter((path) => !called.has(path)), []);
  const tested = Object.keys(functions).filter((name) => functions[name] === 'tested');
  assert.deepEqual(tested.filter((name) => !seen.has(name)), []);
});

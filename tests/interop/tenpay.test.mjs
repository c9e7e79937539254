// tenpay 2.1.18: its whole API against the local WeChat Pay APIv2.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import Tenpay from 'tenpay';
import { methodsOf, watched } from './support/coverage.mjs';
import { reroute } from './support/reroute.mjs';
import { Shop, control, file, nextNoon, notified, number, order, urls, weixin } from './support/sandbox.mjs';

const redPackets = 'red packets: another product, not part of APIv2 payments';
const transfers = 'transfers to users and banks: another product';
const coupons = 'coupon campaigns: another product';
const codePayment = 'payment by the code on the buyer\'s phone: not an operation of this project';

// Every function of the client: tested, or the reason why the gateway has no such thing. What is outside is called all
// the same, and must find nothing there.
const operations = {
  getSignkey: 'tested',
  getPayParams: 'tested',
  getPayParamsByPrepay: 'tested',
  getAppParams: 'tested',
  getAppParamsByPrepay: 'tested',
  getNativeUrl: 'tested',
  unifiedOrder: 'tested',
  orderQuery: 'tested',
  closeOrder: 'tested',
  refund: 'tested',
  refundQuery: 'tested',
  downloadBill: 'tested',
  downloadFundflow: 'tested',
  middleware: 'tested',
  middlewareForExpress: 'tested',
  'Payment.init': 'tested',
  'Payment.sandbox': 'tested',
  micropay: codePayment,
  reverse: codePayment,
  combinedOrder: 'orders of several merchants at once: not an operation of this project',
  sendCoupon: coupons,
  queryCouponStock: coupons,
  queryCouponInfo: coupons,
  transfers,
  transfersQuery: transfers,
  getPublicKey: transfers,
  payBank: transfers,
  queryBank: transfers,
  sendRedpack: redPackets,
  sendGroupRedpack: redPackets,
  redpackQuery: redPackets,
  log: 'prints; sends nothing',
  _parse: 'private, runs in every operation',
  _parseBill: 'private, runs in the bill operations',
  _getSign: 'private, runs in every operation',
  _request: 'private, runs in every operation',
  _getNativeReply: 'private, runs in the native middleware',
};

reroute(['api.mch.weixin.qq.com', 'fraud.mch.weixin.qq.com'], urls.weixinPay);

const seen = new Set();
const config = {
  appid: weixin.appId,
  mchid: weixin.mchId,
  partnerKey: weixin.key,
  pfx: file('apiclient_cert.p12'),
  notify_url: 'http://127.0.0.1:9/nobody',
  spbill_create_ip: '127.0.0.1',
};
const Client = watched(Tenpay, seen, 'Payment.');
const client = watched(Client.init(config), seen);
const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const signTypes = ['MD5', 'HMAC-SHA256'];

let shop;
before(async () => { shop = await Shop.open(); });
after(() => shop.close());

const fails = (action, message) => assert.rejects(action, (error) => {
  assert.equal(error.message, message);
  return true;
});

function signed(fields, type = 'MD5') {
  const names = Object.keys(fields).filter((name) => fields[name] !== '').sort();
  const text = `${names.map((name) => `${name}=${fields[name]}`).join('&')}&key=${weixin.key}`;
  const hash = type === 'MD5' ? createHash('md5') : createHmac('sha256', weixin.key);
  return hash.update(text, 'utf8').digest('hex').toUpperCase();
}

// What koa gives the client's middleware. Gives the context afterwards, and whether the handler was reached.
async function throughKoa(middleware, body, handler) {
  const ctx = { request: { body: body.toString('utf8') } };
  let reached = false;
  await middleware(ctx, async () => {
    reached = true;
    await handler?.(ctx);
  });
  return { ctx, reached };
}

async function throughExpress(middleware, body, handler) {
  const sent = {};
  const response = { header: (name, value) => { sent[name.toLowerCase()] = value; }, send: (text) => { sent.body = text; } };
  const request = { body: body.toString('utf8') };
  let reached = false;
  await middleware(request, response, () => {
    reached = true;
    handler?.(request, response);
  });
  return { sent, request, reached };
}

async function paidOrder(more = {}, payment = {}) {
  const outTradeNo = number('TP');
  const order_ = await client.unifiedOrder({ out_trade_no: outTradeNo, body: '季卡', total_fee: 8800, openid, ...more });
  await control('POST', '/pay', { provider: 'weixin', outTradeNo, openid, ...payment });
  return { outTradeNo, prepayId: order_.prepay_id };
}

test('the table names every function of the client', () => {
  assert.deepEqual(Object.keys(operations).sort(), methodsOf(Tenpay));
});

for (const signType of signTypes) {
  test(`an order is made, queried, paid and queried again: ${signType}`, async () => {
    const outTradeNo = number('TP');
    const made = await client.unifiedOrder({
      out_trade_no: outTradeNo, body: '季卡 & <会员> "1"', attach: '店铺=1;桌=2', detail: '{"goods_detail":[]}', total_fee: 8800, openid, sign_type: signType,
    });
    assert.equal(made.return_code, 'SUCCESS');
    assert.equal(made.trade_type, 'JSAPI');
    assert.match(made.prepay_id, /^wx/);

    const unpaid = await client.orderQuery({ out_trade_no: outTradeNo, sign_type: signType });
    assert.equal(unpaid.trade_state, 'NOTPAY');
    assert.equal(unpaid.out_trade_no, outTradeNo);

    await control('POST', '/pay', { provider: 'weixin', outTradeNo, openid });
    const paid = await client.orderQuery({ out_trade_no: outTradeNo, sign_type: signType });
    assert.equal(paid.trade_state, 'SUCCESS');
    assert.equal(paid.total_fee, '8800');
    assert.equal(paid.cash_fee, '8800');
    assert.equal(paid.openid, openid);
    assert.equal(paid.attach, '店铺=1;桌=2');
    assert.match(paid.time_end, /^\d{14}$/);

    const byTransaction = await client.orderQuery({ transaction_id: paid.transaction_id, sign_type: signType });
    assert.equal(byTransaction.out_trade_no, outTradeNo);
  });

  test(`pay parameters for a web page, a mini program and an app: ${signType}`, async () => {
    const params = await client.getPayParams({ out_trade_no: number('TP'), body: '季卡', total_fee: 1, openid, sign_type: signType });
    const { paySign, timestamp, ...rest } = params;
    assert.equal(rest.signType, signType);
    assert.match(rest.package, /^prepay_id=wx/);
    assert.equal(timestamp, rest.timeStamp);
    assert.equal(paySign, signed(rest, signType));

    const outTradeNo = number('TP');
    const app = await client.getAppParams({ out_trade_no: outTradeNo, body: '季卡', total_fee: 1, sign_type: signType });
    const { sign, ...appRest } = app;
    assert.equal((await order(outTradeNo)).prepayId, app.prepayid);
    assert.equal((await order(outTradeNo)).tradeType, 'APP');
    assert.equal(sign, signed(appRest, signType));
  });
}

test('pay parameters from a prepay_id that is there already', async () => {
  const { prepayId } = await paidOrder();
  assert.equal(client.getPayParamsByPrepay({ prepay_id: prepayId }).package, `prepay_id=${prepayId}`);
  assert.equal(client.getAppParamsByPrepay({ prepay_id: prepayId }).prepayid, prepayId);
});

test('orders for a QR code and for a browser', async () => {
  const native = await client.unifiedOrder({ out_trade_no: number('TP'), body: '季卡', total_fee: 1, trade_type: 'NATIVE', product_id: '12235413214070356458058' });
  assert.match(native.code_url, /^weixin:\/\/wxpay\/bizpayurl\?pr=/);
  const h5 = await client.unifiedOrder({
    out_trade_no: number('TP'), body: '季卡', total_fee: 1, trade_type: 'MWEB', scene_info: '{"h5_info":{"type":"Wap","wap_url":"https://shop.example","wap_name":"店"}}',
  });
  assert.match(h5.mweb_url, /^https:\/\/wx\.tenpay\.com\//);
});

test('coupons are in the query, and the signature covers them', async () => {
  const coupons_ = [{ couponId: '10000', couponType: 'CASH', couponFee: 100 }, { couponId: '10001', couponType: 'NO_CASH', couponFee: 50 }];
  const { outTradeNo } = await paidOrder({}, { coupons: coupons_ });
  const paid = await client.orderQuery({ out_trade_no: outTradeNo });
  assert.equal(paid.coupon_count, '2');
  assert.equal(paid.coupon_fee, '150');
  assert.equal(paid.coupon_id_1, '10001');
  assert.equal(paid.settlement_total_fee, '8750');
  assert.equal(paid.cash_fee, '8650');
});

test('an order is closed once, and a paid one is not', async () => {
  const outTradeNo = number('TP');
  await client.unifiedOrder({ out_trade_no: outTradeNo, body: '季卡', total_fee: 100, openid });
  assert.equal((await client.closeOrder({ out_trade_no: outTradeNo })).result_code, 'SUCCESS');
  assert.equal((await client.orderQuery({ out_trade_no: outTradeNo })).trade_state, 'CLOSED');
  await fails(client.closeOrder({ out_trade_no: outTradeNo }), 'ORDERCLOSED');
  const paid = await paidOrder();
  await fails(client.closeOrder({ out_trade_no: paid.outTradeNo }), 'ORDERPAID');
});

test('refusals come with their codes', async () => {
  const nothing = number('TP');
  await fails(client.orderQuery({ out_trade_no: nothing }), 'ORDERNOTEXIST');
  await fails(client.closeOrder({ out_trade_no: nothing }), 'ORDERNOTEXIST');
  await fails(client.refundQuery({ out_trade_no: nothing }), 'REFUNDNOTEXIST');
  const { outTradeNo } = await paidOrder();
  await fails(client.unifiedOrder({ out_trade_no: outTradeNo, body: '季卡', total_fee: 8800, openid }), 'ORDERPAID');
  const changed = number('TP');
  await client.unifiedOrder({ out_trade_no: changed, body: '季卡', total_fee: 100, openid });
  await fails(client.unifiedOrder({ out_trade_no: changed, body: '季卡', total_fee: 101, openid }), 'INVALID_REQUEST');
  await fails(client.unifiedOrder({ out_trade_no: number('TP'), body: '季卡', total_fee: 0, openid }), 'invalid total_fee');
  await fails(client.unifiedOrder({ out_trade_no: number('TP'), body: '季卡', total_fee: 1 }), 'JSAPI支付必须传openid');
});

test('a wrong key, a wrong app and a wrong merchant are refused', async () => {
  const query = { out_trade_no: number('TP') };
  await fails(Tenpay.init({ ...config, partnerKey: '0'.repeat(32) }).orderQuery({ ...query }), '签名错误');
  await fails(Tenpay.init({ ...config, appid: 'wx0000000000000000' }).orderQuery({ ...query }), 'appid不存在');
  await fails(Tenpay.init({ ...config, mchid: '1900000109' }).orderQuery({ ...query }), '商户号mch_id或sub_mch_id不存在');
});

test('an answer with a wrong signature is not believed', async () => {
  const { outTradeNo } = await paidOrder();
  await control('POST', '/fault', { path: '/pay/orderquery', times: 1, fault: 'badSignature' });
  await fails(client.orderQuery({ out_trade_no: outTradeNo }), 'sign签名错误');
  assert.equal((await client.orderQuery({ out_trade_no: outTradeNo })).trade_state, 'SUCCESS');
});

for (const signType of signTypes) {
  test(`refunds in parts with the client certificate: ${signType}`, async () => {
    const { outTradeNo } = await paidOrder();
    const [first, second] = [number('RF'), number('RF')];
    const part = { out_trade_no: outTradeNo, total_fee: 8800, sign_type: signType };
    const made = await client.refund({ ...part, out_refund_no: first, refund_fee: 3000, refund_desc: '商品已售完' });
    assert.equal(made.refund_fee, '3000');
    assert.equal(made.out_refund_no, first);
    const repeated = await client.refund({ ...part, out_refund_no: first, refund_fee: 3000 });
    assert.equal(repeated.refund_id, made.refund_id);
    await client.refund({ ...part, out_refund_no: second, refund_fee: 5000 });

    const all = await client.refundQuery({ out_trade_no: outTradeNo, sign_type: signType });
    assert.equal(all.refund_count, '2');
    assert.equal(all.out_refund_no_1, second);
    assert.equal(all.refund_fee_0, '3000');
    const one = await client.refundQuery({ out_refund_no: second, sign_type: signType });
    assert.equal(one.refund_count, '1');
    assert.equal(one.refund_fee_0, '5000');
    assert.equal((await client.refundQuery({ refund_id: made.refund_id, sign_type: signType })).out_refund_no_0, first);
    assert.equal((await client.orderQuery({ out_trade_no: outTradeNo, sign_type: signType })).trade_state, 'REFUND');

    await fails(client.refund({ ...part, out_refund_no: first, refund_fee: 1 }), 'REFUND_FEE_MISMATCH');
    await fails(client.refund({ ...part, out_refund_no: number('RF'), refund_fee: 801 }), 'INVALID_REQUEST');
    await fails(client.refund({ ...part, out_refund_no: number('RF'), refund_fee: 8801 }), 'invalid refund_fee');
    await client.refund({ ...part, out_refund_no: number('RF'), refund_fee: 800 });
    await fails(client.refund({ ...part, out_refund_no: number('RF'), refund_fee: 1 }), 'ERROR');
  });
}

test('a refund without a certificate, or for an order that nobody paid', async () => {
  const { outTradeNo } = await paidOrder();
  const bare = Tenpay.init({ ...config, pfx: undefined });
  const refund = { out_trade_no: outTradeNo, out_refund_no: number('RF'), total_fee: 8800, refund_fee: 8800 };
  await fails(bare.refund(refund), 'request fail');
  await fails(client.refundQuery({ out_trade_no: outTradeNo }), 'REFUNDNOTEXIST');
  const unpaid = number('TP');
  await client.unifiedOrder({ out_trade_no: unpaid, body: '季卡', total_fee: 100, openid });
  await fails(client.refund({ out_trade_no: unpaid, out_refund_no: number('RF'), total_fee: 100, refund_fee: 100 }), 'ORDERNOTEXIST');
});

for (const signType of signTypes) {
  test(`the payment notification passes the client's middleware: ${signType}`, async () => {
    const box = shop.mailbox();
    const { outTradeNo } = await paidOrder({ notify_url: box.url, attach: '附加 & <数据>', sign_type: signType }, { notifySignType: 'MD5' });
    const delivery = await box.next();
    assert.match(delivery.headers['content-type'], /^text\/xml/);
    const { ctx, reached } = await throughKoa(client.middleware('pay'), delivery.body, (context) => context.reply());
    assert.ok(reached);
    assert.equal(ctx.request.weixin.out_trade_no, outTradeNo);
    assert.equal(ctx.request.weixin.total_fee, '8800');
    assert.equal(ctx.request.weixin.attach, '附加 & <数据>');
    delivery.answer(ctx.body, ctx.type);
    const record = await notified(outTradeNo, 'payment');
    assert.equal(record.delivered, true);
    assert.equal(record.nextAttempt, null);
  });
}

// The client takes the signature type of a notification from its sign_type, which WeChat does not send: MD5 it is, then.
test('a notification signed with HMAC-SHA256 and no sign_type is refused by this client, and comes again', async () => {
  const box = shop.mailbox();
  const { outTradeNo } = await paidOrder({ notify_url: box.url, sign_type: 'HMAC-SHA256' });
  const first = await box.next();
  const { ctx, reached } = await throughKoa(client.middleware('pay'), first.body);
  assert.ok(!reached);
  assert.match(ctx.body, /FAIL/);
  first.answer(ctx.body, ctx.type);
  const second = await box.next();
  assert.equal((await notified(outTradeNo, 'payment')).delivered, false);
  const fields = Object.fromEntries([...second.body.toString('utf8').matchAll(/<(\w+)><!\[CDATA\[(.*?)\]\]><\/\1>/g)].map((found) => found.slice(1)));
  const { sign, ...rest } = fields;
  assert.equal(sign, signed(rest, 'HMAC-SHA256'));
  second.answer('<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>', 'text/xml');
  assert.equal((await notified(outTradeNo, 'payment', 2)).delivered, true);
});

test('forged notifications do not pass, in koa and in express', async () => {
  const box = shop.mailbox();
  const { outTradeNo } = await paidOrder({ notify_url: box.url });
  const delivery = await box.next();
  const text = delivery.body.toString('utf8');
  const forged = text.replace(/8800/g, '1');
  assert.notEqual(forged, text);
  const koa = await throughKoa(client.middleware('pay'), Buffer.from(forged));
  assert.ok(!koa.reached);
  assert.match(koa.ctx.body, /sign签名错误/);
  const other = watched(Tenpay.init({ ...config, partnerKey: '0'.repeat(32) }), new Set());
  assert.ok(!(await throughKoa(other.middleware('pay'), delivery.body)).reached);

  const express = await throughExpress(client.middlewareForExpress('pay'), delivery.body, (request, response) => {
    assert.equal(request.weixin.out_trade_no, outTradeNo);
    response.reply();
  });
  assert.ok(express.reached);
  assert.match(express.sent['content-type'], /xml/);
  delivery.answer(express.sent.body, express.sent['content-type']);
  assert.equal((await notified(outTradeNo, 'payment')).delivered, true);
});

test('a handler that replies with an error is notified again', async () => {
  const box = shop.mailbox();
  const { outTradeNo } = await paidOrder({ notify_url: box.url });
  const first = await box.next();
  const failed = await throughKoa(client.middleware('pay'), first.body, (context) => context.reply('库存不足'));
  first.answer(failed.ctx.body, failed.ctx.type);
  const second = await box.next();
  assert.deepEqual(second.body, first.body);
  const done = await throughKoa(client.middleware('pay'), second.body, (context) => context.reply());
  second.answer(done.ctx.body, done.ctx.type);
  const record = await notified(outTradeNo, 'payment', 2);
  assert.deepEqual(record.attempts.map((attempt) => attempt.acknowledged), [false, true]);
});

test('the refund notification is decrypted by the client\'s middleware', async () => {
  const box = shop.mailbox();
  const { outTradeNo } = await paidOrder();
  const outRefundNo = number('RF');
  const refunding = watched(Client.init({ ...config, refund_url: box.url }), seen);
  await refunding.refund({ out_trade_no: outTradeNo, out_refund_no: outRefundNo, total_fee: 8800, refund_fee: 4400 });
  const delivery = await box.next();
  const stranger = Tenpay.init({ ...config, partnerKey: '0'.repeat(32) });
  assert.ok(!(await throughKoa(stranger.middleware('refund'), delivery.body)).reached);
  const { ctx, reached } = await throughKoa(client.middleware('refund'), delivery.body, (context) => context.reply());
  assert.ok(reached);
  const info = ctx.request.weixin.req_info;
  assert.equal(info.out_refund_no, outRefundNo);
  assert.equal(info.refund_fee, '4400');
  assert.equal(info.refund_status, 'SUCCESS');
  assert.equal(info.out_trade_no, outTradeNo);
  delivery.answer(ctx.body, ctx.type);
  assert.equal((await notified(outTradeNo, 'refund')).delivered, true);
  const query = await client.refundQuery({ out_refund_no: outRefundNo });
  assert.equal(query.refund_status_0, 'SUCCESS');
  assert.equal(query.refund_success_time_0, info.success_time);
});

// The first way of native payment calls the shop back by a rule of its own; the gateway pays by code_url only. What the
// client makes by itself is checked.
test('the URL and the reply of the first native way are signed', async () => {
  const url = new URL(client.getNativeUrl({ product_id: 'P 1' }));
  const { sign, ...rest } = Object.fromEntries(url.searchParams);
  assert.equal(sign, signed(rest));
  const call = { appid: weixin.appId, mch_id: weixin.mchId, openid, is_subscribe: 'N', nonce_str: 'abc', product_id: 'P 1' };
  const body = Object.entries({ ...call, sign: signed(call) }).map(([name, value]) => `<${name}>${value}</${name}>`).join('');
  const { ctx, reached } = await throughKoa(client.middleware('nativePay'), Buffer.from(`<xml>${body}</xml>`), (context) => context.replyNative('wx1'));
  assert.ok(reached);
  assert.match(ctx.body, /<prepay_id>wx1<\/prepay_id>/);
});

test('the platform\'s own sandbox: its key, its paths, its unfriendliness', async () => {
  const { sandbox_signkey: key } = await client.getSignkey();
  assert.match(key, /^[0-9a-f]{32}$/);
  const box = shop.mailbox();
  const inSandbox = await Client.sandbox({ ...config, notify_url: box.url });
  assert.equal(inSandbox.partnerKey, key);

  const outTradeNo = number('SB');
  const made = await inSandbox.unifiedOrder({ out_trade_no: outTradeNo, body: '季卡', total_fee: 101, openid });
  assert.equal(made.device_info, 'sandbox');
  assert.match(made.prepay_id, /^wx/);
  const delivery = await box.next();
  const { ctx, reached } = await throughKoa(inSandbox.middleware('pay'), delivery.body, (context) => context.reply());
  assert.ok(reached);
  assert.equal(ctx.request.weixin.out_trade_no, outTradeNo);
  delivery.answer(ctx.body, ctx.type);
  assert.equal((await notified(outTradeNo, 'payment')).delivered, true);

  // Other answers of the real sandbox leave the appid out, which this client does not accept.
  await fails(inSandbox.orderQuery({ out_trade_no: outTradeNo }), 'appid不匹配');
  await fails(inSandbox.unifiedOrder({ out_trade_no: number('SB'), body: '季卡', total_fee: 99, openid }), '沙箱支付金额(99)无效,请检查需要验收的case');
  const realKey = new Tenpay({ ...config, sandbox: true });
  await fails(realKey.orderQuery({ out_trade_no: outTradeNo }), '沙箱验证签名失败，请确认沙箱签名key是否正确（通过getsignkey调用生成）');
  // The refund path that the client uses there gets an empty reply, as from the real sandbox.
  await assert.rejects(inSandbox.refund({ out_trade_no: outTradeNo, out_refund_no: number('RF'), total_fee: 101, refund_fee: 101 }), /socket hang up|ECONNRESET/);
});

test('what is outside the gateway finds nothing there', async () => {
  const outside = {
    micropay: { out_trade_no: number('TP'), body: '季卡', total_fee: 1, auth_code: '130000000000000000' },
    reverse: { out_trade_no: number('TP') },
    combinedOrder: { combine_out_trade_no: number('TP') },
    sendCoupon: { coupon_stock_id: '1', partner_trade_no: '1', openid },
    queryCouponStock: { coupon_stock_id: '1' },
    queryCouponInfo: { coupon_id: '1', openid, stock_id: '1' },
    transfers: { partner_trade_no: '1', openid, re_user_name: '张三', amount: 100, desc: '奖金' },
    transfersQuery: { partner_trade_no: '1' },
    getPublicKey: {},
    payBank: { partner_trade_no: '1', enc_bank_no: '1', enc_true_name: '张三', bank_code: '1', amount: 1 },
    queryBank: { partner_trade_no: '1' },
    sendRedpack: { mch_autono: '1', send_name: '店', re_openid: openid, total_amount: 100, wishing: '福', act_name: '活动', remark: '无' },
    sendGroupRedpack: { mch_autono: '1', send_name: '店', re_openid: openid, total_amount: 300, wishing: '福', act_name: '活动', remark: '无' },
    redpackQuery: { mch_billno: '1' },
  };
  const named = Object.keys(operations).filter((name) => operations[name] !== 'tested' && !name.startsWith('_') && name !== 'log');
  assert.deepEqual(Object.keys(outside).sort(), named.sort());
  for (const [name, params] of Object.entries(outside)) await fails(client[name](params), 'request fail');
});

test('the bill and the fund flow of a day', async () => {
  const day = (await nextNoon()).replaceAll('-', '');
  const { outTradeNo } = await paidOrder({ body: '逗号,"引号"`反引号' });
  const outRefundNo = number('RF');
  await client.refund({ out_trade_no: outTradeNo, out_refund_no: outRefundNo, total_fee: 8800, refund_fee: 300 });
  await fails(client.downloadBill({ bill_date: day }), 'Bill Creating');
  await fails(client.downloadFundflow({ bill_date: day }), 'BILL_CREATING');
  await nextNoon();

  const bill = await client.downloadBill({ bill_date: day }, true);
  assert.equal(bill.list_title.length, 27);
  const rows = bill.list_data.map((cells) => Object.fromEntries(bill.list_title.map((title, i) => [title, cells[i]])));
  for (const row of bill.list_data) assert.equal(row.length, bill.list_title.length);
  const mine = rows.filter((row) => row['商户订单号'] === outTradeNo);
  assert.deepEqual(mine.map((row) => row['交易状态']), ['SUCCESS', 'REFUND']);
  assert.equal(mine[0]['订单金额'], '88.00');
  assert.equal(mine[0]['商品名称'], '逗号,"引号"`反引号');
  assert.equal(mine[1]['申请退款金额'], '3.00');
  assert.equal(mine[1]['商户退款单号'], outRefundNo);
  const summary = Object.fromEntries(bill.total_title.map((title, i) => [title, bill.total_data[i]]));
  assert.equal(Number(summary['总交易单数']), rows.length);
  const fen = (text) => Math.round(Number(text) * 100);
  assert.equal(fen(summary['订单总金额']), rows.reduce((sum, row) => sum + fen(row['订单金额']), 0));

  const text = await client.downloadBill({ bill_date: day, bill_type: 'REFUND' });
  assert.match(text, new RegExp(outRefundNo));
  const flow = await client.downloadFundflow({ bill_date: day }, true);
  assert.equal(flow.list_title.length, 11);
  assert.equal(Number(flow.total_data[0]), flow.list_data.length);
  assert.ok(flow.list_data.some((cells) => cells.includes(outRefundNo)));

  await fails(client.downloadBill({ bill_date: '20000101' }), 'invalid bill_date');
  await fails(client.downloadBill({ bill_date: day, bill_type: 'NONSENSE' }), 'invalid bill_type');
  await fails(client.downloadFundflow({ bill_date: day, account_type: 'Fees' }), 'NO_BILL_EXIST');
  await fails(client.downloadFundflow({ bill_date: day, sign_type: 'MD5' }), 'PARAM_ERROR');
  await fails(Tenpay.init({ ...config, pfx: undefined }).downloadFundflow({ bill_date: day }), 'request fail');
  await fails(Tenpay.init({ ...config, partnerKey: '0'.repeat(32) }).downloadBill({ bill_date: day }), 'SIGN ERROR');
});

test('every operation that the table calls tested has succeeded', () => {
  const tested = Object.keys(operations).filter((name) => operations[name] === 'tested');
  assert.deepEqual(tested.filter((name) => !seen.has(name)), []);
});

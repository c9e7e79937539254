// The SDK's document, from JavaScript: push, files, the mini-program services, refunds, cloud functions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control, urls } from '../support/sandbox.mjs';
import { isOk, keysOf, load, newTable, refused, refusedWith, upload } from './support/bmob.mjs';

export function services(version) {
  const B = load(version);

  // --- push and files -------------------------------------------------------------------------------

  test('APP推送', async () => {
    const answer = await B.push({ data: { alert: 'Hello From Bmob.' } });
    assert.equal(typeof answer, 'object');
    await refused(B.push({ where: { deviceType: 'ios' } }), 141, 'Missing the push data.');
  });

  // A file's address is on a host of its own; the gateway has the file under the same path.
  const download = async (url) => {
    assert.match(url, /^https?:\/\/[^/]+\.com\/\d{4}\/\d\d\/\d\d\/[0-9a-f]{32}\.\w+$/);
    return fetch(urls.bmob + new URL(url).pathname);
  };
  const uploadOne = async (name, content) => (await upload(B, [[name, content]]))[0];

  test('文件上传', async () => {
    const text = await uploadOne('hello.txt', 'Hello, World! 你好 "\\');
    assert.deepEqual(keysOf(text), ['cdn', 'filename', 'url']);
    assert.equal(text.filename, 'hello.txt');
    assert.equal(text.cdn, 'upyun');
    assert.equal(await (await download(text.url)).text(), 'Hello, World! 你好 "\\');
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));
    const binary = await uploadOne('bytes.bin', bytes);
    assert.deepEqual(Buffer.from(await (await download(binary.url)).arrayBuffer()), bytes);
    // A row that holds the file.
    const table = newTable();
    const row = B.Query(table);
    row.set('picture', text);
    const { picture } = await B.Query(table).get((await row.save()).objectId);
    assert.deepEqual(picture, { __type: 'File', group: 'upyun', filename: 'hello.txt', url: text.url });
  });

  test('文件上传: several at once', async () => {
    const saved = await upload(B, [['one.txt', 'one'], ['two.txt', 'two']]);
    const contents = await Promise.all(saved.map(async ({ url }) => (await download(url)).text()));
    assert.deepEqual(contents.sort(), ['one', 'two']);
  });

  test('文件上传: names and contents that are refused', async () => {
    await refusedWith(B.request('/2/files/nosuffix', 'post', 'text'), 146);
    await refused(B.request('/2/files/empty.txt', 'post', ''), 149, 'empty file');
  });

  test('文件删除', async () => {
    const { url } = await uploadOne('hello.txt', 'Hello, World!');
    isOk(await B.File().destroy(url));
    assert.equal((await download(url)).status, 404);
    await assert.rejects(B.File().destroy(url), ({ code }) => code >= 145 && code <= 157);
    const both = [await uploadOne('one.txt', 'one'), await uploadOne('two.txt', 'two')].map((one) => one.url);
    isOk(await B.File().destroy(both));
    for (const one of both) assert.equal((await download(one)).status, 404);
    await refusedWith(B.File().destroy(both), 154);
  });

  // --- mini program, payment, functions --------------------------------------------------------

  test('生成二维码', async () => {
    const answer = await B.generateCode({ path: 'pages/index/index', width: 430, type: 1 });
    assert.deepEqual(keysOf(answer), ['cdn', 'filename', 'url']);
    assert.equal(answer.cdn, 'upyun');
    assert.equal(answer.filename, 'code.jpg');
    assert.match(answer.url, /^https?:\/\//);
    for (const kind of ['a', 'b', 'c']) {
      const one = await B.generateCode({ path: 'pages/index/index', width: 180, interface: kind, scene: 'Bmob', type: 1 });
      assert.equal(one.filename, 'code.jpg');
    }
    await assert.rejects(B.generateCode({ width: 430, type: 1 }), ({ code }) => code === 118);
    assert.throws(() => B.generateCode('path'), { code: 415 });
  });

  test('获取access_token', async () => {
    const { access_token: token } = await B.getAccessToken();
    assert.equal(typeof token, 'string');
    assert.ok(token.length > 8);
    assert.deepEqual(await B.getAccessToken(), { access_token: token });
  });

  const message = {
    touser: 'open_Id',
    template_id: 'template_id',
    page: 'index',
    form_id: 'form_Id',
    data: {
      keyword1: { value: 'SDK测试内容', color: '#173177' },
      keyword2: { value: '2018年04月18日 16:30' },
      keyword3: { value: 'Bmob科技' },
    },
    emphasis_keyword: '',
  };

  test('小程序模版消息', async () => {
    assert.equal(typeof await B.sendWeAppMessage(message), 'object');
    const { touser, ...nobody } = message;
    await refused(B.sendWeAppMessage(nobody), 118, 'param touser is need.');
  });

  const notice = {
    touser: 'openid',
    template_id: '-ERkPwp0ntimqH39bggQc_Pj55a18CYLpj-Ert8-c8Y',
    url: 'http://www.bmob.cn/',
    data: {
      first: { value: '您好，Restful 失效，请登录控制台查看。', color: '#c00' },
      keyword1: { value: 'Restful 失效' },
      keyword2: { value: '2017-07-03 16:13:01' },
      keyword3: { value: '高' },
      remark: { value: '如果您十分钟内再次收到此信息，请及时处理。' },
    },
  };
  const noticeTemplates = [
    'K9-6_Ayj4MLC2yvwY60-cq18tngJHAlqDfsOvv3D7a8', '-ERkPwp0ntimqH39bggQc_Pj55a18CYLpj-Ert8-c8Y',
    'Mbk3kYqRGkL98ch6Lie4XSXtOsxXj2SC0SRQXd89G1Y', 'aNNNmi7WK4kohleWhCkDRKJiHOZnIpkrhXx5XPx4dx0',
  ];

  test('微信主人通知', async () => {
    isOk(await B.notifyMsg(notice));
    for (let sent = 1; sent < 50; sent += 1) isOk(await B.notifyMsg({ ...notice, template_id: noticeTemplates[sent % 4] }));
    await refused(B.notifyMsg(notice), 10100, '今天微信发送的消息已超过规定的50次');
  });

  test('退款', async () => {
    await refused(B.refund({}), 107, 'content is empty.');
    await refused(B.refund({ order_no: 'order_no', refund_fee: 0.01, desc: '退款' }), 10002, 'order_no not exists.');
    await refusedWith(B.refund({ refund_fee: 0.01, desc: '退款' }), 10001);
  });

  test('云函数', async () => {
    assert.equal(await B.functions('hello', { name: 'bmob' }), '欢迎使用Bmob');
    assert.equal(await B.functions('hello', { name: 'other' }), '输入错误，请重新输入');
    assert.equal(await B.functions('hello'), '输入错误，请重新输入');
    assert.equal(await B.run('hello', { name: 'bmob' }), '欢迎使用Bmob');
    assert.deepEqual(await B.request('/1/functions/hello', 'post', { name: 'bmob' }), { result: '欢迎使用Bmob' });
    await assert.rejects(B.functions('nothing'), ({ code }) => code >= 310 && code <= 324);
  });

  // Signed requests must have the platform's time; only plain keys allow to move its clock.
  if (version !== 1) return;

  test('微信主人通知: as many again the next day', async () => {
    await control('POST', '/clock', { advanceSeconds: 86400 });
    isOk(await B.notifyMsg(notice));
  });
}

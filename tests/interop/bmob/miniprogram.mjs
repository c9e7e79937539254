// What the SDK's document shows for a mini program: the SDK finds WeChat around it and uses its requests and storage.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { urls } from '../support/sandbox.mjs';
import { isId, isOk, isTime, isToken, keysOf, load, newTable, upload } from './support/bmob.mjs';
import { makeWx } from './support/wx.mjs';

export function miniProgram(version) {
  const codes = ['the-code-1', 'the-code-2', 'the-code-3', 'the-code-4'];
  globalThis.wx = makeWx(codes);
  const B = load(version);

  test('小程序一键登录', async () => {
    const user = await B.User.auth();
    isTime(user.createdAt);
    isId(user.objectId);
    isToken(user.sessionToken);
    assert.equal(typeof user.username, 'string');
    assert.equal(typeof user.authData.weapp.openid, 'string');
    assert.equal(B.User.current().objectId, user.objectId);
    const again = await B.User.auth();
    assert.equal(again.objectId, user.objectId);
  });

  test('小程序更新用户信息', async () => {
    const { objectId } = B.User.current();
    const answer = await B.User.upInfo({ nickName: 'magic', avatarUrl: 'https://wx.qlogo.cn/mmopen/0' });
    assert.deepEqual(keysOf(answer), ['updatedAt']);
    isTime(answer.updatedAt);
    const user = await B.Query('_User').get(objectId);
    assert.deepEqual([user.nickName, user.userPic, user.openid], ['magic', 'https://wx.qlogo.cn/mmopen/0', wx.getStorageSync('openid')]);
  });

  test('rows and queries by wx.request', async () => {
    const table = newTable();
    const query = B.Query(table);
    query.set('title', '试试看 +&');
    const { objectId } = await query.save();
    const both = B.Query(table);
    both.equalTo('createdAt', '>', '2018-04-01 00:00:00');
    both.equalTo('title', '==', '试试看 +&');
    assert.deepEqual((await both.find()).map((row) => row.objectId), [objectId]);
    isOk(await B.Query(table).destroy(objectId));
    await assert.rejects(B.Query(table).get(objectId), { code: 101 });
  });

  test('files by wx.uploadFile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-wx-'));
    try {
      const picture = join(folder, 'picture.png');
      const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 13, 10, 13, 10]);
      writeFileSync(picture, bytes);
      const [saved] = await upload(B, [['picture.png', picture]]);
      assert.equal(saved.cdn, 'upyun');
      const response = await fetch(urls.bmob + new URL(saved.url).pathname);
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
      const secret = version === 1 ? 'applicationKey' : 'securityCode';
      const right = B._config[secret];
      B._config[secret] = 'wrong';
      const [refusal] = await upload(B, [['picture.png', picture]]);
      B._config[secret] = right;
      assert.deepEqual(refusal, version === 1 ? { error: 'unauthorized' } : { code: 400, error: '签名安全验证错误' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

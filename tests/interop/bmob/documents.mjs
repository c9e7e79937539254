// The SDK's document, from JavaScript: users, rows, queries, batches, relations, arrays, SMS. The documented calls, results and
// refusals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control } from '../support/sandbox.mjs';
import {
  isId, isOk, isTime, isToken, keysOf, load, newName, newPhone, newTable, refused, refusedWith, settings, smsCode,
} from './support/bmob.mjs';

export function documents(version) {
  const B = load(version);
  const plain = version === 1;

  const register = async (more = {}) => {
    const params = { username: newName(), password: 'bmob2018', ...more };
    return { ...params, ...(await B.User.register(params)) };
  };
  // In Node the SDK keeps no session; a caller says who is logged in.
  const asUser = async ({ objectId, sessionToken }, call) => {
    B.User.current = () => ({ objectId, sessionToken });
    try {
      return await call();
    } finally {
      delete B.User.current;
    }
  };
  const loginByPhone = (phone, code) =>
    (plain ? B.User.signOrLoginByMobilePhone(Number(phone), Number(code)) : B.User.signOrLoginByMobilePhone(phone, code));
  const save = (table, fields) => {
    const query = B.Query(table);
    for (const [name, value] of Object.entries(fields)) query.set(name, value);
    return query.save();
  };
  // A table with these rows; gives its name.
  const tableOf = async (rows) => {
    const table = newTable();
    for (const row of rows) await save(table, row);
    return table;
  };
  // A class that has rows no longer: what never had one does not exist.
  const emptyTable = async () => {
    const table = newTable();
    await B.Query(table).destroy((await save(table, { first: true })).objectId);
    return table;
  };
  const find = (table, build = () => {}) => {
    const query = B.Query(table);
    build(query);
    return query.find();
  };
  const get = (table, id) => B.Query(table).get(id);

  // --- users ----------------------------------------------------------------------------------------

  test('登陆', async () => {
    const user = await register();
    const answer = await B.User.login(user.username, user.password);
    assert.deepEqual(keysOf(answer), ['createdAt', 'objectId', 'sessionToken', 'updatedAt', 'username']);
    isTime(answer.createdAt);
    isTime(answer.updatedAt);
    isToken(answer.sessionToken);
    assert.equal(answer.objectId, user.objectId);
    assert.equal(answer.username, user.username);
    await refused(B.User.login(user.username, 'wrong'), 101, 'username or password incorrect.');
    await refused(B.User.login(newName(), 'bmob2018'), 101, 'username or password incorrect.');
    assert.throws(() => B.User.login(user.username, 1), { code: 415 });
  });

  test('登陆: names and passwords with any character', async () => {
    const user = await register({ username: `张 三+&=%/${newName()}`, password: '密码 +&=%/?#"\\' });
    assert.equal((await B.User.login(user.username, user.password)).objectId, user.objectId);
  });

  test('登陆: by e-mail and phone', async () => {
    const user = await register({ email: `${newName()}@bmob.cn`, mobilePhoneNumber: newPhone() });
    assert.equal((await B.User.login(user.email, user.password)).objectId, user.objectId);
    assert.equal((await B.User.login(user.mobilePhoneNumber, user.password)).objectId, user.objectId);
  });

  test('注册', async () => {
    const params = { username: newName(), password: 'bmob2018', email: `${newName()}@bmob.cn`, phone: '13711166567' };
    const answer = await B.User.register(params);
    assert.deepEqual(keysOf(answer), ['createdAt', 'objectId', 'sessionToken']);
    isTime(answer.createdAt);
    isId(answer.objectId);
    isToken(answer.sessionToken);
    const kept = await get('_User', answer.objectId);
    assert.equal(kept.phone, params.phone);
    assert.equal(kept.email, params.email);
    assert.equal('password' in kept, false);
    await refused(B.User.register({}), 107, 'content is empty.');
    await refused(B.User.register(params), 202, `username '${params.username}' already taken.`);
    await refused(B.User.register({ ...params, username: newName() }), 203, `email '${params.email}' already taken.`);
  });

  test('注册: what is not complete or not possible', async () => {
    await assert.rejects(B.User.register({ username: newName() }), ({ code }) => [108, 201].includes(code));
    await assert.rejects(B.User.register({ password: 'bmob2018' }), ({ code }) => [108, 201].includes(code));
    await refusedWith(B.User.register({ username: newName(), password: 'p', email: 'no address' }), 301);
    await refusedWith(B.User.register({ username: newName(), password: 'p', mobilePhoneNumber: '123' }), 301);
    const { mobilePhoneNumber } = await register({ mobilePhoneNumber: newPhone() });
    const again = B.User.register({ username: newName(), password: 'p', mobilePhoneNumber });
    await refused(again, 209, `mobilePhoneNumber '${mobilePhoneNumber}' already taken.`);
  });

  test('手机验证码登陆', async () => {
    const phone = newPhone();
    await refused(loginByPhone(phone, smsCode), 207, 'code error.');
    await B.requestSmsCode({ mobilePhoneNumber: phone });
    await refused(loginByPhone(phone, '654321'), 207, 'code error.');
    const answer = await loginByPhone(phone, smsCode);
    assert.equal(answer.username, phone);
    assert.equal(answer.mobilePhoneNumber, phone);
    assert.equal(answer.mobilePhoneVerified, true);
    isTime(answer.createdAt);
    isTime(answer.updatedAt);
    isId(answer.objectId);
    isToken(answer.sessionToken);
    await refused(loginByPhone(phone, smsCode), 207, 'code error.');
  });

  test('手机验证码登陆: an account with this phone is logged in', async () => {
    const user = await register({ mobilePhoneNumber: newPhone(), nickName: 'magic' });
    await B.requestSmsCode({ mobilePhoneNumber: user.mobilePhoneNumber });
    const answer = await loginByPhone(user.mobilePhoneNumber, smsCode);
    assert.equal(answer.objectId, user.objectId);
    assert.equal(answer.username, user.username);
    assert.equal(answer.nickName, 'magic');
  });

  test('an account of another platform logs in, the first time and later', async () => {
    const weapp = { openid: newName(), sk: 'sk', session_key: 'key', expires_in: 7200 };
    const first = await B.User.linkWith({ weapp });
    assert.deepEqual(first.authData, { weapp });
    isToken(first.sessionToken);
    assert.equal(typeof first.username, 'string');
    const again = await B.User.linkWith({ weapp });
    assert.deepEqual([again.objectId, again.authData], [first.objectId, { weapp }]);
    await assert.rejects(B.User.linkWith({ weapp: { sk: 'sk' } }), { code: 208 });
  });

  test('查询用户', async () => {
    const user = await register({ email: `${newName()}@bmob.cn` });
    const { results } = await B.User.users();
    const found = results.find(({ objectId }) => objectId === user.objectId);
    assert.deepEqual([found.username, found.email], [user.username, user.email]);
    isTime(found.createdAt);
    isTime(found.updatedAt);
    for (const one of results) assert.equal('password' in one || 'sessionToken' in one, false);
    const queried = await find('_User', (query) => query.equalTo('username', '==', user.username));
    assert.deepEqual(queried.map(({ objectId }) => objectId), [user.objectId]);
  });

  test('验证 Email', async () => {
    const { email } = await register({ email: `${newName()}@bmob.cn` });
    await refused(B.User.requestEmailVerify(email), 120, 'Email verify should be opened in your app setup page of bmob.');
    await settings({ emailVerify: true });
    try {
      isOk(await B.User.requestEmailVerify(email));
      await refused(B.User.requestEmailVerify('nobody@bmob.cn'), 205, "no user found with email 'nobody@bmob.cn'.");
      const { objectId } = await register({ email: `${newName()}@bmob.cn` });
      assert.equal((await get('_User', objectId)).emailVerified, false);
    } finally {
      await settings({ emailVerify: false });
    }
  });

  test('Eamil密码重置', async () => {
    const { email } = await register({ email: `${newName()}@bmob.cn` });
    isOk(await B.requestPasswordReset({ email }));
    await refused(B.requestPasswordReset({ email: 'nobody@bmob.cn' }), 205, "no user found with email 'nobody@bmob.cn'.");
    await refused(B.requestPasswordReset({ other: 1 }), 204, 'you must provide an email');
  });

  test('短信密码重置', async () => {
    const user = await register({ mobilePhoneNumber: newPhone() });
    await B.requestSmsCode({ mobilePhoneNumber: user.mobilePhoneNumber });
    await refusedWith(B.resetPasswordBySmsCode('654321', { password: 'password' }), 207);
    await refusedWith(B.resetPasswordBySmsCode(smsCode, { password: '' }), 10050);
    isOk(await B.resetPasswordBySmsCode(smsCode, { password: 'password' }));
    assert.equal((await B.User.login(user.username, 'password')).objectId, user.objectId);
    await refusedWith(B.User.login(user.username, user.password), 101);
    await refusedWith(B.resetPasswordBySmsCode(smsCode, { password: 'again' }), 207);
  });

  test('提供旧密码方式安全修改用户密码', async () => {
    const user = await register();
    const change = (oldPassword) => B.updateUserPassword(user.objectId, { oldPassword, newPassword: 'newPassword' });
    await refusedWith(change('bmob2018'), 206);
    await refusedWith(asUser({ ...user, sessionToken: '0'.repeat(32) }, () => change('bmob2018')), 211);
    await refusedWith(asUser(await register(), () => change('bmob2018')), 211);
    await refused(asUser(user, () => change('wrong')), 210, 'old password incorrect.');
    isOk(await asUser(user, () => change('bmob2018')));
    assert.equal((await B.User.login(user.username, 'newPassword')).objectId, user.objectId);
    await refusedWith(B.User.login(user.username, 'bmob2018'), 101);
  });

  test('a user changes and deletes itself, and nobody else does', async () => {
    const user = await register();
    const change = (fields) => B.request(`/1/classes/_User/${user.objectId}`, 'put', fields);
    const { objectId: other } = await register();
    await refusedWith(change({ nickName: 'magic' }), 206);
    assert.deepEqual(keysOf(await asUser(user, () => change({ nickName: 'magic' }))), ['updatedAt']);
    assert.equal((await get('_User', user.objectId)).nickName, 'magic');
    const taken = (await get('_User', other)).username;
    await refused(asUser(user, () => change({ username: taken })), 202, `username '${taken}' already taken.`);
    await refusedWith(B.Query('_User').destroy(user.objectId), 206);
    isOk(await asUser(user, () => B.Query('_User').destroy(user.objectId)));
    await refusedWith(get('_User', user.objectId), 101);
  });

  // --- rows -----------------------------------------------------------------------------------------

  test('获取一行记录', async () => {
    const table = newTable();
    const { objectId } = await save(table, { content: '试试看', title: '新增测试' });
    const row = await get(table, objectId);
    assert.deepEqual(keysOf(row), ['content', 'createdAt', 'objectId', 'title', 'updatedAt']);
    assert.deepEqual([row.content, row.title, row.objectId], ['试试看', '新增测试', objectId]);
    isTime(row.createdAt);
    isTime(row.updatedAt);
    await refused(get(table, 'ffffffffff'), 101, 'object not found for ffffffffff.');
    await refusedWith(get(newTable(), objectId), 101);
  });

  test('新增一行记录', async () => {
    const table = newTable();
    const answer = await save(table, { name: 'fff', cover: '1111' });
    assert.deepEqual(keysOf(answer), ['createdAt', 'objectId']);
    isTime(answer.createdAt);
    isId(answer.objectId);
    const { name, cover } = await get(table, answer.objectId);
    assert.deepEqual({ name, cover }, { name: 'fff', cover: '1111' });
  });

  test('新增一行记录: every type of value', async () => {
    const table = newTable();
    const fields = {
      text: 'Bmob后端云 "\\/\n😀',
      whole: 9007199254740991,
      part: -1.5e-7,
      flag: false,
      list: [1, 'two', { three: 3 }, [], null],
      object: { a: { b: null }, 'a key with "\' and 后端': 1 },
      date: { __type: 'Date', iso: '2018-04-19 17:26:45' },
      place: B.GeoPoint({ latitude: 23.05, longitude: -113.4 }),
    };
    const { objectId } = await save(table, fields);
    const { createdAt, updatedAt, objectId: id, ...kept } = await get(table, objectId);
    assert.deepEqual(kept, fields);
    await refusedWith(save(table, { whole: 'a text' }), 111);
    await refusedWith(save(table, { '1st': 1 }), 105);
    await refusedWith(save(table, { createdAt: '2018-04-19 17:26:45' }), 105);
    await refusedWith(save('1Table', { a: 1 }), 103);
    await refusedWith(save(table, { text: { __op: 'Unknown' } }), 107);
  });

  test('修改一行记录', async () => {
    const table = newTable();
    const { objectId } = await save(table, { name: 'fff', cover: '1111' });
    const row = await get(table, objectId);
    row.set('cover', '3333');
    const answer = await row.save();
    assert.deepEqual(keysOf(answer), ['updatedAt']);
    isTime(answer.updatedAt);
    const { name, cover } = await get(table, objectId);
    assert.deepEqual({ name, cover }, { name: 'fff', cover: '3333' });
    // By its id, without reading it first.
    await save(table, { id: objectId, cover: '4444' });
    assert.equal((await get(table, objectId)).cover, '4444');
    await refused(save(table, { id: 'ffffffffff', cover: '1' }), 101, 'object not found for ffffffffff.');
  });

  test('修改一行记录: increments', async () => {
    const table = newTable();
    const { objectId } = await save(table, { score: 10 });
    const row = await get(table, objectId);
    row.increment('score');
    row.increment('lives', -2);
    await row.save();
    const { score, lives } = await get(table, objectId);
    assert.deepEqual({ score, lives }, { score: 11, lives: -2 });
  });

  test('删除字段的值', async () => {
    const table = newTable();
    const { objectId } = await save(table, { name: 'fff', cover: '1111' });
    const row = await get(table, objectId);
    row.unset('cover');
    assert.deepEqual(keysOf(await row.save()), ['updatedAt']);
    const kept = await get(table, objectId);
    assert.equal('cover' in kept, false);
    assert.equal(kept.name, 'fff');
  });

  test('删除一行记录', async () => {
    const table = newTable();
    const first = await save(table, { a: 1 });
    isOk(await B.Query(table).destroy(first.objectId));
    await refusedWith(get(table, first.objectId), 101);
    await refused(B.Query(table).destroy(first.objectId), 101, `object not found for ${first.objectId}.`);
    const second = await save(table, { a: 2 });
    isOk(await (await get(table, second.objectId)).destroy());
    assert.equal(await B.Query(table).count(), 0);
  });

  // --- queries --------------------------------------------------------------------------------------

  const diary = () => tableOf([
    { isLike: 60, title: 'bmob sdk' }, { isLike: 100, title: 'hello' }, { isLike: 150, title: 'hello world' }, { isLike: 240, title: 'k2' },
  ]);
  const likes = async (table, build) => (await find(table, build)).map(({ isLike }) => isLike).sort((a, b) => a - b);

  test('条件查询', async () => {
    const table = await diary();
    const compare = (operator, value) => likes(table, (query) => query.equalTo('isLike', operator, value));
    assert.deepEqual(await compare('==', 100), [100]);
    assert.deepEqual(await compare('===', 100), [100]);
    assert.deepEqual(await compare('!=', 100), [60, 150, 240]);
    assert.deepEqual(await compare('>', 100), [150, 240]);
    assert.deepEqual(await compare('>=', 100), [100, 150, 240]);
    assert.deepEqual(await compare('<', 100), [60]);
    assert.deepEqual(await compare('<=', 100), [60, 100]);
    assert.deepEqual(await likes(table, (query) => query.equalTo('title', '!=', 'bmob sdk')), [100, 150, 240]);
    assert.deepEqual(await likes(table, (query) => query.equalTo('title', '==', { $regex: 'k.*' })), [60, 240]);
    assert.deepEqual(await likes(table, (query) => query.equalTo('title', '==', { $regex: '^hello$' })), [100]);
    // Two conditions are an AND.
    const between = (query) => { query.equalTo('isLike', '>', 60); query.equalTo('isLike', '<=', 150); };
    assert.deepEqual(await likes(table, between), [100, 150]);
    assert.throws(() => B.Query(table).equalTo('title', 'hello'), { code: 415 });
    assert.throws(() => B.Query(table).equalTo('title', '~', 'hello'), { code: 415 });
    assert.deepEqual([...await find(await emptyTable())], []);
    await refused(find('NoSuchTable'), 101, 'object not found for NoSuchTable.');
  });

  test('条件查询: dates', async () => {
    const table = await diary();
    const since = (time) => likes(table, (query) => query.equalTo('createdAt', '>', time));
    assert.deepEqual(await since('2018-08-21 18:02:52'), [60, 100, 150, 240]);
    assert.deepEqual(await since('2999-01-01 00:00:00'), []);
    const month = (query) => {
      query.equalTo('createdAt', '>', '2018-04-01 00:00:00');
      query.equalTo('createdAt', '<', '2018-05-01 00:00:00');
    };
    assert.deepEqual(await likes(table, month), []);
    // The SDK writes only createdAt as a date.
    assert.deepEqual(await likes(table, (query) => query.equalTo('updatedAt', '>', '2018-08-21 18:02:52')), [60, 100, 150, 240]);
    await refusedWith(since('yesterday'), 107);
  });

  test('条件查询: membership, existence, arrays, text with any character', async () => {
    const odd = 'a b+c&d=e%20 $:,[]@/?# "后端云" \'; DROP TABLE x; --';
    const table = await tableOf([{ isLike: 1, title: odd, tags: ['public', 'secret'] }, { isLike: 2, tags: [] }, { isLike: 0, title: '' }]);
    const by = (build) => likes(table, build);
    assert.deepEqual(await by((query) => query.containedIn('isLike', [0, 2, 5])), [0, 2]);
    assert.deepEqual(await by((query) => query.notContainedIn('isLike', [0, 2, 5])), [1]);
    assert.deepEqual(await by((query) => query.exists('title')), [0, 1]);
    assert.deepEqual(await by((query) => query.doesNotExist('title')), [2]);
    assert.deepEqual(await by((query) => query.equalTo('tags', '==', 'secret')), [1]);
    assert.deepEqual(await by((query) => query.equalTo('tags', '==', { $all: ['secret', 'public'] })), [1]);
    assert.deepEqual(await by((query) => query.equalTo('title', '==', odd)), [1]);
    assert.deepEqual(await by((query) => query.equalTo('title', '==', '')), [0]);
    assert.deepEqual(await by((query) => query.equalTo('isLike', '==', 0)), [0]);
    await refused(find(table, (query) => query.equalTo('title', '==', { $near: 1 })), 102, "Invalid key '$near' for find");
  });

  test('或查询', async () => {
    const table = await diary();
    const either = (query) => query.or(query.equalTo('isLike', '>', 150), query.equalTo('isLike', '<', 100));
    assert.deepEqual(await likes(table, either), [60, 240]);
    const query = B.Query(table);
    either(query);
    assert.equal(await query.count(), 2);
    const all = (one) => one.or(one.equalTo('isLike', '>', 150), one.equalTo('isLike', '<', 150));
    assert.deepEqual(await likes(table, all), [60, 100, 240]);
    // A condition beside the two.
    const both = (one) => { one.equalTo('title', '==', 'hello'); all(one); };
    assert.deepEqual(await likes(table, both), [100]);
    const and = (one) => one.and({ isLike: { $gt: 60 } }, { isLike: { $lt: 240 } });
    assert.deepEqual(await likes(table, and), [100, 150]);
  });

  test('查询指定列', async () => {
    const table = await diary();
    const [row] = await find(table, (query) => query.select('title'));
    assert.deepEqual(keysOf(row), ['createdAt', 'objectId', 'title', 'updatedAt']);
    const [both] = await find(table, (query) => query.select('title', 'isLike'));
    assert.deepEqual(keysOf(both), ['createdAt', 'isLike', 'objectId', 'title', 'updatedAt']);
  });

  test('分页查询', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => ({ n }));
    const table = newTable();
    for (let start = 0; start < rows.length; start += 40) {
      const requests = rows.slice(start, start + 40).map((body) => ({ method: 'post', path: `/1/classes/${table}`, body }));
      await B.request('/1/batch', 'POST', { requests });
    }
    const page = async (limit, skip) => (await find(table, (query) => {
      query.order('n');
      if (limit !== undefined) query.limit(limit);
      if (skip !== undefined) query.skip(skip);
    })).map(({ n }) => n);
    assert.deepEqual(await page(10), rows.slice(0, 10).map(({ n }) => n));
    assert.deepEqual(await page(10, 10), rows.slice(10, 20).map(({ n }) => n));
    assert.deepEqual(await page(10, 115), [115, 116, 117, 118, 119]);
    assert.deepEqual(await page(10, 200), []);
    assert.equal((await page()).length, 100);
    assert.equal((await page(1001)).length, 120);
    assert.equal((await B.request(`/1/classes/${table}`, 'get', { limit: 5000 })).results.length, 120);
  });

  test('结果排序', async () => {
    const table = await tableOf([{ score: 10, name: 'b' }, { score: 9, name: 'c' }, { score: 10, name: 'a' }, { score: 100, name: 'd' }]);
    const names = async (...keys) => (await find(table, (query) => query.order(...keys))).map(({ name }) => name);
    assert.deepEqual(await names('name'), ['a', 'b', 'c', 'd']);
    assert.deepEqual(await names('-name'), ['d', 'c', 'b', 'a']);
    assert.deepEqual(await names('-score', 'name'), ['d', 'a', 'b', 'c']);
    assert.deepEqual(await names('score', '-name'), ['c', 'b', 'a', 'd']);
    assert.equal((await names('-createdAt')).length, 4);
  });

  test('统计记录数量', async () => {
    const table = await diary();
    assert.equal(await B.Query(table).count(), 4);
    const query = B.Query(table);
    query.equalTo('isLike', '>', 100);
    assert.equal(await query.count(), 2);
    assert.equal(await B.Query(await emptyTable()).count(), 0);
  });

  test('统计: sums of groups', async () => {
    const table = await tableOf([{ who: 'A', score: 40 }, { who: 'A', score: 500 }, { who: 'B', score: 7 }]);
    const sums = await find(table, (query) => {
      query.statTo('sum', 'score');
      query.statTo('groupby', 'who');
      query.statTo('order', '-_sumScore');
    });
    assert.deepEqual([...sums], [{ who: 'A', _sumScore: 540 }, { who: 'B', _sumScore: 7 }]);
  });

  // --- batches --------------------------------------------------------------------------------------

  const nothing = (table) => find(table, (query) => query.equalTo('createdAt', '<', '1971-04-01 00:00:00'));
  // As the document does it: a query without results gets rows.
  const createMany = async (table, count, fields = { aab: 'Bmob后端云', bb: 'Bmob后端云' }) => {
    const todos = await nothing(table);
    for (let index = 0; index < count; index += 1) todos.push({});
    for (const [name, value] of Object.entries(fields)) todos.set(name, value);
    return todos.saveAll();
  };

  test('批量增加', async () => {
    const table = await emptyTable();
    const answers = await createMany(table, 50);
    assert.equal(answers.length, 50);
    for (const { success } of answers) {
      assert.deepEqual(keysOf(success), ['createdAt', 'objectId']);
      isTime(success.createdAt);
      isId(success.objectId);
    }
    assert.equal(new Set(answers.map(({ success }) => success.objectId)).size, 50);
    assert.equal(await B.Query(table).count(), 50);
    assert.equal((await get(table, answers[49].success.objectId)).aab, 'Bmob后端云');
    await refused(createMany(table, 51), 114, 'requests array larger than 50');
    assert.equal(await B.Query(table).count(), 50);
  });

  test('批量修改', async () => {
    const table = await emptyTable();
    await createMany(table, 3);
    const todos = await find(table);
    todos.set('aab', 'changed');
    const answers = await todos.saveAll();
    assert.equal(answers.length, 3);
    for (const { success } of answers) {
      assert.deepEqual(keysOf(success), ['updatedAt']);
      isTime(success.updatedAt);
    }
    for (const row of await find(table)) assert.deepEqual([row.aab, row.bb], ['changed', 'Bmob后端云']);
  });

  test('批量删除', async () => {
    const table = await emptyTable();
    await createMany(table, 4);
    const todos = await find(table, (query) => query.limit(50));
    await B.Query(table).destroy(todos[1].objectId);
    const answers = await todos.destroyAll();
    assert.deepEqual(answers.map((answer) => answer.success ?? answer.error.code), [{ msg: 'ok' }, 101, { msg: 'ok' }, { msg: 'ok' }]);
    assert.equal(typeof answers[1].error.error, 'string');
    assert.equal(await B.Query(table).count(), 0);
  });

  test('批量: what is no batch, and rows that the caller holds', async () => {
    await refused(B.request('/1/batch', 'POST', { requests: 1 }), 112, 'requests must be an array.');
    await refusedWith(B.request('/1/batch', 'POST', { requests: [1] }), 113);
    const first = B.Query(newTable());
    first.set('aab', 1);
    const second = B.Query(newTable());
    const table = newTable();
    const answers = await B.Query(table).saveAll([first, second]);
    assert.equal(answers.length, 2);
    assert.equal(await B.Query(table).count(), answers.filter(({ success }) => success).length);
  });

  // --- pointers, relations, arrays ------------------------------------------------------------------

  test('查询Pointer', async () => {
    const [games, posts] = [newTable(), newTable()];
    const game = await save(games, { title: 'the game' });
    const post = await save(posts, { title: 'the post' });
    const table = newTable();
    const own = B.Pointer(games).set(game.objectId);
    const { objectId } = await save(table, { own, post: B.Pointer(posts).set(post.objectId) });
    const [bare] = await find(table);
    assert.deepEqual(bare.own, own);
    const [row] = await find(table, (query) => query.include('own', 'post'));
    assert.equal(row.own.__type, 'Object');
    assert.equal(row.own.className, games);
    assert.equal(row.own.objectId, game.objectId);
    assert.equal(row.own.title, 'the game');
    isTime(row.own.createdAt);
    assert.equal(row.post.title, 'the post');
    const query = B.Query(table);
    query.include('own');
    assert.equal((await query.get(objectId)).own.title, 'the game');
    const found = await find(table, (one) => one.equalTo('own', '==', own));
    assert.deepEqual(found.map((one) => one.objectId), [objectId]);
  });

  test('添加Pointer类型', async () => {
    const games = newTable();
    const { objectId: gameId } = await save(games, { title: 'the game' });
    const table = newTable();
    const { objectId } = await save(table, { title: 'a row' });
    const row = await get(table, objectId);
    const own = { __type: 'Pointer', className: games, objectId: gameId };
    row.set('own', own);
    assert.deepEqual(keysOf(await row.save()), ['updatedAt']);
    assert.deepEqual((await get(table, objectId)).own, own);
    await refusedWith(save(table, { own: { __type: 'Pointer', className: games } }), 106);
  });

  test('关联: relations', async () => {
    const table = newTable();
    const [a, b] = [await register(), await register()];
    const { objectId } = await save(table, { title: 'a post', likes: B.Relation('_User').add([a.objectId, b.objectId]) });
    const liked = async () => {
      const query = B.Query(table);
      query.field('likes', objectId);
      return query.relation('_User');
    };
    const both = await liked();
    assert.equal(both.count, 2);
    assert.deepEqual(both.results.map((user) => user.objectId).sort(), [a.objectId, b.objectId].sort());
    const row = await get(table, objectId);
    assert.deepEqual(row.likes, { __type: 'Relation', className: '_User' });
    row.set('likes', B.Relation('_User').remove(a.objectId));
    await row.save();
    assert.deepEqual((await liked()).results.map((user) => user.objectId), [b.objectId]);
  });

  test('添加数组', async () => {
    const table = newTable();
    const query = B.Query(table);
    query.add('DiaryType', ['public']);
    const { objectId } = await query.save();
    assert.deepEqual((await get(table, objectId)).DiaryType, ['public']);
    // As in the document; the SDK keeps one operation of a key, the last.
    const both = B.Query(table);
    both.add('DiaryType', ['public']);
    both.addUnique('DiaryType', ['secret']);
    assert.deepEqual((await get(table, (await both.save()).objectId)).DiaryType, ['secret']);
  });

  test('更新数组', async () => {
    const table = newTable();
    const { objectId } = await save(table, { DiaryType: ['public'] });
    const change = async (build) => {
      const row = await get(table, objectId);
      build(row);
      await row.save();
      return (await get(table, objectId)).DiaryType;
    };
    assert.deepEqual(await change((row) => row.add('DiaryType', ['public'])), ['public', 'public']);
    assert.deepEqual((await change((row) => row.addUnique('DiaryType', ['secret', 'public']))).sort(), ['public', 'public', 'secret']);
  });

  test('删除数组', async () => {
    const table = newTable();
    const { objectId } = await save(table, { DiaryType: ['secret', 'public', 'secret'] });
    const row = await get(table, objectId);
    row.remove('DiaryType', ['secret']);
    await row.save();
    assert.deepEqual((await get(table, objectId)).DiaryType, ['public']);
  });

  // --- SMS and time ---------------------------------------------------------------------------------

  test('请求短信验证码', async () => {
    const mobilePhoneNumber = newPhone();
    const answer = await B.requestSmsCode({ mobilePhoneNumber });
    assert.deepEqual(keysOf(answer), ['smsId']);
    assert.equal(Number.isSafeInteger(answer.smsId), true);
    await refused(B.requestSmsCode({ mobilePhoneNumber }), 10010, `mobile '${mobilePhoneNumber}' send message limited.`);
    await refused(B.requestSmsCode({ mobilePhoneNumber: '186xxxxxxxx' }), 301, '手机号码必须是11位的数字');
    await refused(B.requestSmsCode({ mobilePhoneNumber: newPhone(), template: '没有' }), 10022, '模板:没有 不存在');
  });

  test('验证短信验证码', async () => {
    const mobilePhoneNumber = newPhone();
    await B.requestSmsCode({ mobilePhoneNumber });
    await refused(B.verifySmsCode(smsCode, {}), 301, '手机号码必须是11位的数字');
    await refused(B.verifySmsCode('654321', { mobilePhoneNumber }), 207, 'code error.');
    isOk(await B.verifySmsCode(smsCode, { mobilePhoneNumber }));
    await refused(B.verifySmsCode(smsCode, { mobilePhoneNumber }), 207, 'code error.');
    assert.throws(() => B.verifySmsCode(smsCode), { code: 415 });
  });

  test('timestamp', async () => {
    const { timestamp, datetime } = await B.timestamp();
    isTime(datetime);
    assert.equal(new Date(`${datetime.replace(' ', 'T')}+08:00`).getTime(), timestamp * 1000);
    assert.ok(Math.abs(timestamp - Date.now() / 1000) < 60);
  });

  // Signed requests must have the platform's time; only plain keys allow to move its clock.
  if (!plain) return;

  test('手机验证码登陆: again a minute later', async () => {
    const phone = newPhone();
    await B.requestSmsCode({ mobilePhoneNumber: phone });
    const first = await loginByPhone(phone, smsCode);
    await control('POST', '/clock', { advanceSeconds: 61 });
    await B.requestSmsCode({ mobilePhoneNumber: phone });
    assert.equal((await loginByPhone(phone, smsCode)).objectId, first.objectId);
  });

  test('a session ends after seven days', async () => {
    const user = await register();
    const change = () => asUser(user, () => B.request(`/1/classes/_User/${user.objectId}`, 'put', { nickName: 'magic' }));
    await control('POST', '/clock', { advanceSeconds: 6 * 86400 });
    assert.deepEqual(keysOf(await change()), ['updatedAt']);
    await control('POST', '/clock', { advanceSeconds: 2 * 86400 });
    await refused(change(), 211, '用户请先登录，或者用户登录已过期需要重新登录');
  });
}

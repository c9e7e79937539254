// The calls of the documents, as a caller of hydrogen-js-sdk writes them. record.mjs runs them against a server that
// answers every one; `B` is the SDK, `plain` says that it is version 1 with its other signatures.
const user = { objectId: 'u1u1u1u1u1', sessionToken: '14683f9a40b2509d80320bf0d4ec7d6e' };
const phone = '13711166567';
const own = { __type: 'Pointer', className: 'Game', objectId: 'DdUOIIIW' };
const url = 'http://cdn.example.com/2018/04/19/0123456789abcdef0123456789abcdef.txt';

async function asUser(B, call) {
  B.User.current = () => ({ ...user });
  try {
    return await call();
  } finally {
    delete B.User.current;
  }
}

// A query on the table of the documents, made as `build` says.
const find = (build) => (B) => {
  const query = B.Query('tableName');
  build(query);
  return query.find();
};
const count = (build) => (B) => {
  const query = B.Query('tableName');
  build(query);
  return query.count();
};
// A row that was fetched, changed as `build` says.
const change = (build) => async (B) => {
  const row = await B.Query('tableName').get('7ecd253a25');
  build(row);
  return row.save();
};
const create = (build) => (B) => {
  const query = B.Query('tableName');
  build(query);
  return query.save();
};
const compare = (operator, value = 100) => find((query) => query.equalTo('isLike', operator, value));

const users = {
  'user register': (B) => B.User.register({ username: 'bmob2018', password: 'bmob2018', email: 'bmob2018@bmob.cn', phone }),
  'user register with nothing': (B) => B.User.register({}),
  'user login': (B) => B.User.login('username', 'password'),
  'user login with symbols': (B) => B.User.login('a b+c&d=e', '密码/%?#'),
  'user signOrLoginByMobilePhone': (B, plain) =>
    (plain ? B.User.signOrLoginByMobilePhone(13711166567, 123456) : B.User.signOrLoginByMobilePhone(phone, '123456')),
  'user users': (B) => B.User.users(),
  'user query': (B) => {
    const query = B.Query('_User');
    query.equalTo('username', '==', 'bmob2018');
    return query.find();
  },
  'user get': (B) => B.Query('_User').get(user.objectId),
  'user update': (B) => asUser(B, async () => {
    const row = await B.Query('_User').get(user.objectId);
    row.set('nickName', 'Bmob后端云');
    return row.save();
  }),
  'user delete': (B) => asUser(B, () => B.Query('_User').destroy(user.objectId)),
  'user requestEmailVerify': (B) => B.User.requestEmailVerify('bmob2018@bmob.cn'),
  'password reset by email': (B) => B.requestPasswordReset({ email: '329685131@qq.com' }),
  'password reset by SMS code': (B) => B.resetPasswordBySmsCode('123456', { password: 'password' }),
  'password reset by old password': (B) =>
    asUser(B, () => B.updateUserPassword(user.objectId, { oldPassword: 'oldPassword', newPassword: 'newPassword' })),
};

const files = {
  'push': (B) => B.push({ data: { alert: 'Hello From Bmob.' } }),
  'file upload of text': (B) => B.File('hello.txt', 'Hello, World!').save(),
  'file upload of bytes': (B) => B.File('bytes.bin', Buffer.from([0, 1, 2, 253, 254, 255])).save(),
  'file delete': (B) => B.File().destroy(url),
  'file delete of many': (B) => B.File().destroy([url, url.replace('.txt', '.png')]),
};

const rows = {
  'row get': (B) => B.Query('tableName').get('7ecd253a25'),
  'row get with include': (B) => {
    const query = B.Query('tableName');
    query.include('own', 'post');
    return query.get('7ecd253a25');
  },
  'row save': create((row) => { row.set('name', 'fff'); row.set('cover', '1111'); }),
  'row save of every type': create((row) => {
    row.set('text', 'Bmob后端云 "\\/\n😀');
    row.set('number', 1.5);
    row.set('flag', false);
    row.set('list', [1, 'two', { three: 3 }]);
    row.set('object', { a: { b: null } });
    row.set('date', { __type: 'Date', iso: '2018-04-19 17:26:45' });
    row.set('own', own);
  }),
  'row save with a file': create((row) => row.set('picture', { filename: 'hello.txt', url, cdn: 'upyun' })),
  'row save with a place': (B) => {
    const query = B.Query('tableName');
    query.set('place', B.GeoPoint({ latitude: 23.05, longitude: -113.4 }));
    return query.save();
  },
  'row save with an id': create((row) => { row.set('id', '7ecd253a25'); row.set('cover', '3333'); }),
  'row update': change((row) => row.set('cover', '3333')),
  'row unset': change((row) => row.unset('cover')),
  'row increment': change((row) => { row.increment('score'); row.increment('lives', -2); }),
  'row destroy': (B) => B.Query('tableName').destroy('7ecd253a25'),
  'row get and destroy': async (B) => (await B.Query('tableName').get('7ecd253a25')).destroy(),
};

const month = (query) => {
  query.equalTo('createdAt', '>', '2018-04-01 00:00:00');
  query.equalTo('createdAt', '<', '2018-05-01 00:00:00');
};
const either = (query) => query.or(query.equalTo('isLike', '>', 150), query.equalTo('isLike', '<', 150));
const queries = {
  'find all': find(() => {}),
  'find equal': compare('=='),
  'find not equal': find((query) => query.equalTo('title', '!=', 'bmob sdk')),
  'find greater': compare('>'),
  'find greater or equal': compare('>='),
  'find less': compare('<'),
  'find less or equal': compare('<='),
  'find between': find((query) => { query.equalTo('isLike', '>', 60); query.equalTo('isLike', '<=', 240); query.equalTo('title', '==', 'hello'); }),
  'find by regular expression': find((query) => query.equalTo('title', '==', { $regex: 'k.*' })),
  'find after a date': find((query) => query.equalTo('createdAt', '>', '2018-08-21 18:02:52')),
  'find updated after': find((query) => query.equalTo('updatedAt', '>', '2018-08-21 18:02:52')),
  'find a month': find(month),
  'find without an operator': find((query) => query.equalTo('title', 'hello')),
  'find text with symbols': find((query) => query.equalTo('title', '==', 'a b+c&d=e%20 $:,[]@/?# "后端云"')),
  'find number zero': compare('==', 0),
  'find in': find((query) => query.containedIn('title', ['bmob', '后端云'])),
  'find not in': find((query) => query.notContainedIn('isLike', [1, 2])),
  'find exists': find((query) => query.exists('title')),
  'find does not exist': find((query) => query.doesNotExist('title')),
  'find or': find(either),
  'find or with a condition': find((query) => { query.equalTo('title', '==', 'hello'); either(query); }),
  'find and': find((query) => query.and({ isLike: { $gt: 1 } }, { isLike: { $lt: 9 } })),
  'find select': find((query) => query.select('title')),
  'find select two': find((query) => query.select('title', 'isLike')),
  'find limit': find((query) => query.limit(10)),
  'find limit above the most': find((query) => query.limit(1001)),
  'find skip': find((query) => { query.limit(10); query.skip(10); }),
  'find order': find((query) => query.order('score')),
  'find order descending': find((query) => query.order('-score')),
  'find order by two': find((query) => query.order('-score', 'name')),
  'find include': find((query) => query.include('own', 'post')),
  'find by pointer': find((query) => query.equalTo('own', '==', own)),
  'find statistics': find((query) => {
    query.statTo('sum', 'score');
    query.statTo('groupby', 'who');
    query.statTo('order', '-_sumScore');
  }),
  'count': count(() => {}),
  'count with a condition': count((query) => query.equalTo('isLike', '>', 100)),
  'count or': count(either),
};

const batches = {
  'batch update': async (B) => {
    const todos = await B.Query('tableName').find();
    todos.set('aab', 'Bmob后端云');
    todos.set('bb', 'Bmob后端云');
    return todos.saveAll();
  },
  'batch create': async (B) => {
    const query = B.Query('nothing');
    query.equalTo('createdAt', '<', '1971-04-01 00:00:00');
    const todos = await query.find();
    for (let index = 0; index < 50; index += 1) todos.push({});
    todos.set('aab', 'Bmob后端云');
    return todos.saveAll();
  },
  'batch delete': async (B) => {
    const query = B.Query('tableName');
    query.limit(50);
    return (await query.find()).destroyAll();
  },
  'batch of queries': (B) => {
    const first = B.Query('tableName');
    first.set('aab', 1);
    const second = B.Query('tableName');
    second.set('aab', 2);
    return B.Query('tableName').saveAll([first, second]);
  },
};

const relations = {
  'pointer set': change((row) => row.set('own', own)),
  'pointer made by the SDK': (B) => create((row) => row.set('own', B.Pointer('Game').set('DdUOIIIW')))(B),
  'relation add': (B) => change((row) => row.set('likes', B.Relation('_User').add(['a1', 'b2'])))(B),
  'relation remove': (B) => change((row) => row.set('likes', B.Relation('_User').remove('a1')))(B),
  'relation query': (B) => {
    const query = B.Query('tableName');
    query.field('likes', '7ecd253a25');
    return query.relation('_User');
  },
  'array add': create((row) => row.add('DiaryType', ['public'])),
  'array addUnique': create((row) => row.addUnique('DiaryType', ['secret'])),
  'array add and addUnique': create((row) => { row.add('DiaryType', ['public']); row.addUnique('DiaryType', ['secret']); }),
  'array update': change((row) => { row.add('DiaryType', ['public']); row.addUnique('DiaryType', ['secret']); }),
  'array remove': change((row) => row.remove('DiaryType', ['secret'])),
};

const value = (text, color) => (color ? { value: text, color } : { value: text });
const services = {
  'QR code': (B) => B.generateCode({ path: 'path', width: 430, type: 1 }),
  'access token': (B) => B.getAccessToken(),
  'template message': (B) => B.sendWeAppMessage({
    touser: 'open_Id',
    template_id: 'template_id',
    page: 'index',
    form_id: 'form_Id',
    data: { keyword1: value('SDK测试内容', '#173177'), keyword2: value('2018年04月18日 16:30'), keyword3: value('Bmob科技') },
    emphasis_keyword: '',
  }),
  'owner notification': (B) => B.notifyMsg({
    touser: 'openid',
    template_id: '-ERkPwp0ntimqH39bggQc_Pj55a18CYLpj-Ert8-c8Y',
    url: 'http://www.bmob.cn/',
    data: {
      first: value('您好，Restful 失效，请登录控制台查看。', '#c00'),
      keyword1: value('Restful 失效'),
      keyword2: value('2017-07-03 16:13:01'),
      keyword3: value('高'),
      remark: value('如果您十分钟内再次收到此信息，请及时处理。'),
    },
  }),
  'refund': (B) => B.refund({ order_no: 'order_no', refund_fee: 0.01, desc: '退款' }),
  'cloud function': (B) => B.functions('hello', { name: 'bmob' }),
  'cloud function without data': (B) => B.functions('hello'),
  'server time': (B) => B.timestamp(),
  'SMS code': (B) => B.requestSmsCode({ mobilePhoneNumber: phone }),
  'SMS code of a template': (B) => B.requestSmsCode({ mobilePhoneNumber: phone, template: '注册模板' }),
  'SMS code check': (B) => B.verifySmsCode('123456', { mobilePhoneNumber: phone }),
  'SMS code check without a phone': (B) => B.verifySmsCode('123456', {}),
  'SMS code check without data': (B) => B.verifySmsCode('123456'),
};

export const everywhere = { ...users, ...files, ...rows, ...queries, ...batches, ...relations, ...services };

// What needs WeChat around it; the order matters: the first call logs in.
const mini = {
  'mini-program auth': (B) => B.User.auth(),
  'mini-program upInfo': (B) => B.User.upInfo({ nickName: 'magic', avatarUrl: 'https://wx.qlogo.cn/mmopen/0' }),
  'mini-program find': (B) => everywhere['find a month'](B),
  'mini-program row save': (B) => everywhere['row save'](B),
  'mini-program row destroy': (B) => everywhere['row destroy'](B),
};
// Version 1 goes on logging in after it has answered the second time: nothing to record in an order.
export const inMiniProgram = { 1: mini, 2: { ...mini, 'mini-program auth again': (B) => B.User.auth() } };

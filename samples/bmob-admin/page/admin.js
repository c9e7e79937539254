'use strict';

const texts = {
  en: {
    title: 'Bmob users', login: 'Log in', logout: 'Log out', loggedInAs: 'Logged in as', username: 'User name', password: 'Password',
    firstUser: 'No user yet? Make the first one in a shell:',
    memoryHint: 'The session stays in this page only: reloading it logs you out.', users: 'Users', create: 'New user', refresh: 'Refresh',
    id: 'Id', created: 'Created', updated: 'Updated', others: 'Other fields', actions: 'Actions', pages: 'Pages', previous: 'Previous',
    next: 'Next', cancel: 'Cancel', save: 'Save', edit: 'Edit', delete: 'Delete', editUser: 'Edit user', field: 'Field', value: 'New value',
    deleteUser: 'Delete user', deleteWarning: 'will be gone for good.', range: '{first} to {last} of {all}', none: 'No users.',
    wasCreated: 'Created: {name}', wasSaved: 'Saved: {name}', wasDeleted: 'Deleted: {name}', notANumber: 'This field holds a number.',
    notJson: 'This field holds no text; write its new value as JSON.', unreachable: 'The service cannot be reached.',
    failed: 'It did not work: {text}',
    errors: {
      101: 'Not found, or the user name or password is wrong.', 105: 'A field cannot have this name, or may not be changed.',
      107: 'The request is empty or cannot be read.', 108: 'User name and password are required.', 109: 'User name and password are required.',
      111: 'The value has another type than the field.', 202: 'This user name is already taken.', 203: 'This e-mail address is already taken.',
      206: 'Only the user, or an administrator, may do this.', 209: 'This phone number is already taken.', 211: 'The session has expired, or it is not this user\'s. Only the user, or an administrator, may do this.',
      301: 'The value is not valid.', 502: 'Bmob cannot be reached or does not work right now.',
    },
  },
  zh: {
    title: 'Bmob 用户管理', login: '登录', logout: '退出登录', loggedInAs: '当前用户：', username: '用户名', password: '密码',
    memoryHint: '会话只保存在本页面中，刷新页面即退出登录。', firstUser: '还没有用户？请在终端注册第一个：', users: '用户', create: '添加用户', refresh: '刷新',
    id: 'Id', created: '创建时间', updated: '更新时间', others: '其他字段', actions: '操作', pages: '分页', previous: '上一页',
    next: '下一页', cancel: '取消', save: '保存', edit: '修改', delete: '删除', editUser: '修改用户', field: '字段', value: '新的值',
    deleteUser: '删除用户', deleteWarning: '将被永久删除。', range: '第 {first} 至 {last} 条，共 {all} 条', none: '没有用户。',
    wasCreated: '已添加：{name}', wasSaved: '已保存：{name}', wasDeleted: '已删除：{name}', notANumber: '该字段是数字。',
    notJson: '该字段不是文本，请用 JSON 填写新的值。', unreachable: '无法连接服务。',
    failed: '操作失败：{text}',
    errors: {
      101: '对象不存在，或用户名、密码错误。', 105: '字段名无效，或该字段不能修改。', 107: '请求为空或无法识别。',
      108: '请填写用户名和密码。', 109: '请填写用户名和密码。', 111: '值的类型与字段不符。', 202: '该用户名已被使用。',
      203: '该邮箱已被使用。', 206: '只有用户本人或管理员可以执行此操作。', 209: '该手机号已被使用。',
      211: '会话已过期，或不属于该用户。只有用户本人或管理员可以执行此操作。', 301: '填写的值无效。', 502: '暂时无法连接 Bmob，或其工作不正常。',
    },
  },
};

const pageSize = 20;
const hiddenFields = new Set(['username', 'objectId', 'createdAt', 'updatedAt']);
const fixedFields = new Set(['objectId', 'createdAt', 'updatedAt', 'authData', 'ACL']);
const state = { language: 'en', me: null, token: '', tokens: new Map(), users: [], count: 0, skip: 0, chosen: null };

const byId = (id) => document.getElementById(id);
const text = (key, values = {}) => texts[state.language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

// --- talking to the service ------------------------------------------------------------------------

class Failure extends Error {}

/** What a person is told: what the code means, and the words of the service. */
function inWords(status, answer) {
  const known = texts[state.language].errors[answer.code ?? status];
  const said = typeof answer.error === 'string' ? answer.error : `HTTP ${status}`;
  return known ? `${known} (${said})` : text('failed', { text: said });
}

async function call(method, path, { body, token } = {}) {
  const headers = {};
  if (body) headers['Content-Type'] = 'application/json';
  if (token) headers.sessiontoken = token;
  let response, answer;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: 'no-store', credentials: 'omit' });
    answer = await response.json();
  } catch {
    throw new Failure(text('unreachable'));
  }
  if (!response.ok || ('error' in answer && !('objectId' in answer))) throw new Failure(inWords(response.status, answer));
  return answer;
}

/** Bmob lets users change themselves only; whom this page has created, it may change as that user. */
const tokenFor = (user) => state.tokens.get(user.objectId) ?? state.token;

// --- what is seen ----------------------------------------------------------------------------------

function translate() {
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
  document.title = text('title');
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll('[data-label]')) element.setAttribute('aria-label', text(element.dataset.label));
  byId('language').textContent = state.language === 'zh' ? 'English' : '中文';
  byId('language').lang = state.language === 'zh' ? 'en' : 'zh-CN';
  showUsers();
}

function say(id, message) {
  byId('error').textContent = '';
  byId('status').textContent = '';
  byId(id).textContent = message;
}

function cell(content) {
  const element = document.createElement('td');
  element.append(content);
  return element;
}

function rowButton(key, user, open) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = key;
  button.textContent = text(key);
  button.setAttribute('aria-label', `${text(key)} ${user.username ?? user.objectId}`);
  button.addEventListener('click', () => open(user));
  return button;
}

function otherFields(user) {
  return Object.entries(user).filter(([name]) => !hiddenFields.has(name))
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join('; ');
}

function rowOf(user) {
  const row = document.createElement('tr');
  row.dataset.id = user.objectId;
  const actions = document.createElement('td');
  actions.append(rowButton('edit', user, openEdit), rowButton('delete', user, openDelete));
  row.append(cell(user.username ?? ''), cell(user.objectId ?? ''), cell(user.createdAt ?? ''), cell(user.updatedAt ?? ''),
    cell(otherFields(user)), actions);
  return row;
}

function showUsers() {
  byId('rows').replaceChildren(...state.users.map(rowOf));
  const last = state.skip + state.users.length;
  byId('range').textContent = state.users.length > 0 ? text('range', { first: state.skip + 1, last, all: state.count }) : text('none');
  byId('previous').disabled = state.skip === 0;
  byId('next').disabled = last >= state.count;
}

function showSession() {
  const inside = state.me !== null;
  byId('login-section').hidden = inside;
  for (const id of ['users-section', 'who', 'logout']) byId(id).hidden = !inside;
  byId('me').textContent = inside ? state.me.username : '';
}

async function loadUsers(skip = state.skip) {
  const answer = await call('GET', `users?limit=${pageSize}&skip=${skip}&count=1`, { token: state.token });
  if (answer.results.length === 0 && skip > 0) return loadUsers(Math.max(0, skip - pageSize));
  Object.assign(state, { users: answer.results, count: answer.count ?? skip + answer.results.length, skip });
  showUsers();
}

// --- what a person does ----------------------------------------------------------------------------

/** Runs `work` with the buttons of `form` off; what fails is said in its own line, or on the page. */
async function attempt(form, work) {
  const alert = form?.querySelector('[role=alert]') ?? byId('error');
  const buttons = form ? [...form.querySelectorAll('button')] : [];
  alert.textContent = '';
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    alert.textContent = failure.message;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function onSubmit(id, work) {
  const form = byId(id);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(form, () => work(form));
  });
}

function openDialog(id) {
  const dialog = byId(id);
  dialog.querySelector('[role=alert]').textContent = '';
  dialog.showModal();
}

const close = (form) => form.closest('dialog').close();

async function login(form) {
  const { username, password } = form.elements;
  const user = await call('POST', 'login', { body: { username: username.value, password: password.value } });
  password.value = '';
  Object.assign(state, { me: user, token: user.sessionToken, tokens: new Map([[user.objectId, user.sessionToken]]) });
  say('status', '');
  await loadUsers(0);
  showSession();
  byId('users-title').focus();
}

function logout() {
  Object.assign(state, { me: null, token: '', tokens: new Map(), users: [], count: 0, skip: 0, chosen: null });
  say('status', '');
  showUsers();
  showSession();
  byId('login-username').focus();
}

async function create(form) {
  const { username, password } = form.elements;
  const created = await call('POST', 'signUp', { body: { username: username.value, password: password.value } });
  state.tokens.set(created.objectId, created.sessionToken);
  close(form);
  say('status', text('wasCreated', { name: username.value }));
  form.reset();
  await loadUsers();
}

const shownValue = (value) => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));

function openEdit(user) {
  state.chosen = user;
  byId('edit-name').textContent = user.username ?? user.objectId;
  byId('edit-fields').replaceChildren(...Object.keys(user).filter((name) => !fixedFields.has(name)).map((name) => new Option(name, name)));
  byId('edit-field').value = 'username';
  byId('edit-value').value = user.username ?? '';
  openDialog('edit-dialog');
}

/** What is written in the value's line, in the type that the field has now. */
function typedValue(old, written) {
  if (old === undefined || old === null || typeof old === 'string') return written;
  let value;
  try {
    value = JSON.parse(written);
  } catch {
    throw new Failure(text(typeof old === 'number' ? 'notANumber' : 'notJson'));
  }
  if (typeof old === 'number' && typeof value !== 'number') throw new Failure(text('notANumber'));
  return value;
}

async function edit(form) {
  const user = state.chosen;
  const { field, value } = form.elements;
  const body = { [field.value]: typedValue(user[field.value], value.value) };
  await call('PUT', `users/${encodeURIComponent(user.objectId)}`, { body, token: tokenFor(user) });
  if (user.objectId === state.me.objectId && field.value === 'username') state.me.username = value.value;
  close(form);
  say('status', text('wasSaved', { name: field.value === 'username' ? value.value : user.username }));
  await loadUsers();
  showSession();
}

function openDelete(user) {
  state.chosen = user;
  byId('delete-name').textContent = user.username ?? user.objectId;
  openDialog('delete-dialog');
}

async function remove(form) {
  const user = state.chosen;
  await call('DELETE', `users/${encodeURIComponent(user.objectId)}`, { token: tokenFor(user) });
  state.tokens.delete(user.objectId);
  close(form);
  if (user.objectId === state.me.objectId) logout();
  say('status', text('wasDeleted', { name: user.username ?? user.objectId }));
  if (state.me) await loadUsers();
}

function start() {
  state.language = (navigator.language ?? '').toLowerCase().startsWith('zh') ? 'zh' : 'en';
  translate();
  showSession();
  byId('sign-up').textContent = `curl ${new URL('signUp', location.href)} -d username=NAME -d password=PASSWORD`;
  byId('language').addEventListener('click', () => {
    state.language = state.language === 'zh' ? 'en' : 'zh';
    translate();
  });
  byId('logout').addEventListener('click', logout);
  byId('create').addEventListener('click', () => openDialog('create-dialog'));
  byId('refresh').addEventListener('click', () => attempt(null, () => loadUsers()));
  byId('previous').addEventListener('click', () => attempt(null, () => loadUsers(Math.max(0, state.skip - pageSize))));
  byId('next').addEventListener('click', () => attempt(null, () => loadUsers(state.skip + pageSize)));
  byId('edit-field').addEventListener('change', () => {
    byId('edit-value').value = shownValue(state.chosen?.[byId('edit-field').value]);
  });
  for (const button of document.querySelectorAll('dialog .cancel')) button.addEventListener('click', () => button.closest('dialog').close());
  onSubmit('login-form', login);
  onSubmit('create-form', create);
  onSubmit('edit-form', edit);
  onSubmit('delete-form', remove);
}

start();

// What a person does on the page of samples/bmob-admin, in a real Chromium, in front of the local Bmob.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { World } from './programs.mjs';

const world = new World();
const nasty = '<img src=x onerror="document.title=\'owned\'">';
const password = 'correct horse';

async function signUp(username, base = world.url) {
  const response = await fetch(`${base}/signUp`, { method: 'POST', body: new URLSearchParams({ username, password }) });
  const user = await response.json();
  assert.match(user.objectId ?? '', /^\w+$/, JSON.stringify(user));
  return user;
}

const inner = (page, selector) => page.$eval(selector, (element) => element.textContent);
const seen = (page, selector) => page.$eval(selector, (element) => element.checkVisibility());
const names = (page) => page.$$eval('#rows tr td:first-child', (cells) => cells.map((cell) => cell.textContent));

async function waitForText(page, selector, words) {
  await page.waitForFunction((where, what) => document.querySelector(where)?.textContent.includes(what), {}, selector, words);
}

async function waitForName(page, name, there = true) {
  await page.waitForFunction((wanted, is) => is === [...document.querySelectorAll('#rows tr td:first-child')]
    .some((cell) => cell.textContent === wanted), {}, name, there);
}

// Writes `value` into a field as a person does: what is in it goes.
async function write(page, selector, value) {
  await page.$eval(selector, (element) => { element.focus(); element.select(); });
  await page.keyboard.press('Backspace');
  await page.type(selector, value);
}

async function logIn(page, username, secret = password) {
  await write(page, '#login-username', username);
  await write(page, '#login-password', secret);
  await page.click('#login-form button[type=submit]');
}

async function rowButton(page, name, kind) {
  const rows = await page.$$('#rows tr');
  for (const row of rows) {
    if (await row.$eval('td', (cell) => cell.textContent) === name) return row.$(`button.${kind}`);
  }
  throw new Error(`there is no user ${name}`);
}

async function create(page, name) {
  await page.click('#create');
  await write(page, '#create-username', name);
  await write(page, '#create-password', password);
  await page.click('#create-form button[type=submit]');
}

async function edit(page, name, field, value) {
  await (await rowButton(page, name, 'edit')).click();
  await write(page, '#edit-field', field);
  await write(page, '#edit-value', value);
  await page.click('#edit-form button[type=submit]');
}

async function done(page) {
  assert.deepEqual(page.troubles, []);
  await page.browserContext().close();
}

before(() => world.open(), { timeout: 120_000 });
after(() => world.close(), { timeout: 60_000 });

test('logs in, creates, edits and deletes a user', async () => {
  await signUp('boss');
  const page = await world.page();
  assert.equal(await seen(page, '#users-section'), false);
  await logIn(page, 'boss');
  await waitForName(page, 'boss');
  assert.equal(await inner(page, '#me'), 'boss');
  assert.equal(await seen(page, '#login-section'), false);
  assert.equal(await page.$eval('#login-password', (field) => field.value), '');

  await create(page, 'ann');
  await waitForName(page, 'ann');
  assert.equal(await inner(page, '#status'), 'Created: ann');
  assert.equal(await page.$eval('#create-dialog', (dialog) => dialog.open), false);

  await edit(page, 'ann', 'username', '安娜 O\'Neil & co');
  await waitForName(page, '安娜 O\'Neil & co');
  await waitForName(page, 'ann', false);
  await edit(page, '安娜 O\'Neil & co', 'nickName', 'magic');
  await waitForText(page, '#rows', 'nickName: magic');

  await (await rowButton(page, '安娜 O\'Neil & co', 'delete')).click();
  assert.equal(await inner(page, '#delete-name'), '安娜 O\'Neil & co');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'cancel', 'Enter must not delete');
  await page.keyboard.press('Enter');
  assert.equal(await page.$eval('#delete-dialog', (dialog) => dialog.open), false);
  assert.ok((await names(page)).includes('安娜 O\'Neil & co'), 'nothing is gone without a confirmation');

  await (await rowButton(page, '安娜 O\'Neil & co', 'delete')).click();
  await page.click('#delete-form button[type=submit]');
  await waitForName(page, '安娜 O\'Neil & co', false);
  assert.match(await inner(page, '#status'), /^Deleted: /);

  await page.click('#logout');
  assert.equal(await seen(page, '#login-section'), true);
  assert.deepEqual(await names(page), []);
  await done(page);
});

test('says how to make the first user, who can log in', async () => {
  const page = await world.page();
  const command = (await inner(page, '#sign-up')).replace('NAME', 'first').replace('PASSWORD', 'secret');
  execFileSync('bash', ['-c', `${command} --silent --noproxy '*'`]);
  assert.match(await inner(page, '#login-section'), /No user yet\?/);
  await page.click('#language');
  assert.match(await inner(page, '#login-section'), /还没有用户？/);
  await logIn(page, 'first', 'secret');
  await waitForName(page, 'first');
  await done(page);
});

test('what users wrote is shown as text', async () => {
  await signUp('reader');
  const page = await world.page();
  await logIn(page, 'reader');
  await waitForName(page, 'reader');
  await create(page, nasty);
  await waitForName(page, nasty);
  await edit(page, nasty, 'nickName', '<script>document.title="owned"</script>');
  await waitForText(page, '#rows', 'nickName: <script>');
  await (await rowButton(page, nasty, 'edit')).click();
  assert.equal(await inner(page, '#edit-name'), nasty);
  await page.keyboard.press('Escape');
  await (await rowButton(page, nasty, 'delete')).click();
  assert.equal(await inner(page, '#delete-name'), nasty);
  await page.click('#delete-form .cancel');
  assert.equal(await page.title(), 'Bmob users');
  assert.equal(await page.$$eval('main img, main script, dialog img, dialog script', (found) => found.length), 0);
  await done(page);
});

test('the policy of the page stops what is inline', async () => {
  const page = await world.page();
  await page.evaluate(() => {
    const image = document.createElement('img');
    image.setAttribute('onerror', 'document.title = "owned"');
    image.src = 'data:,';
    const script = document.createElement('script');
    script.textContent = 'document.title = "owned"';
    document.body.append(image, script);
    return new Promise((resolve) => { setTimeout(resolve, 200); });
  });
  assert.equal(await page.title(), 'Bmob users');
  assert.ok(page.troubles.some((trouble) => trouble.includes('Content Security Policy')));
  page.troubles.length = 0;
  await done(page);
});

test('errors are said in words, in both languages', async () => {
  await signUp('wordy');
  await signUp('taken');
  const page = await world.page();
  await logIn(page, 'wordy', 'wrong');
  await waitForText(page, '#error', 'the user name or password is wrong');
  assert.match(await inner(page, '#error'), /username or password incorrect\./, 'Bmob\'s own words are there too');
  await page.click('#language');
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
  assert.equal(await inner(page, '#login-title'), '登录');
  await page.click('#login-form button[type=submit]');
  await waitForText(page, '#error', '用户名、密码错误');
  await page.click('#language');
  await logIn(page, 'wordy');
  await waitForName(page, 'taken');
  assert.equal(await inner(page, '#error'), '');

  await create(page, 'taken');
  await waitForText(page, '#create-dialog .error', 'This user name is already taken.');
  await page.keyboard.press('Escape');

  await edit(page, 'taken', 'username', 'mine');
  await waitForText(page, '#edit-dialog .error', 'Only the user, or an administrator, may do this.');
  await page.keyboard.press('Escape');
  assert.ok((await names(page)).includes('taken'));
  await done(page);
});

test('an administrator changes and deletes other users', async () => {
  const boss = await signUp('chief');
  await signUp('victim');
  const admin = await world.startAdmin('--admin', boss.objectId);
  try {
    const page = await world.page(admin.ready.url);
    await logIn(page, 'chief');
    await waitForName(page, 'victim');
    await edit(page, 'victim', 'username', 'renamed');
    await waitForName(page, 'renamed');
    await (await rowButton(page, 'renamed', 'delete')).click();
    await page.click('#delete-form button[type=submit]');
    await waitForName(page, 'renamed', false);
    await done(page);
  } finally {
    assert.equal(await world.stop(admin), 0);
  }
});

test('pages of users', async () => {
  for (let at = 0; at < 25; ++at) await signUp(`many${at}`);
  const page = await world.page();
  await logIn(page, 'many0');
  await page.waitForSelector('#rows tr');
  assert.equal((await names(page)).length, 20);
  assert.equal(await page.$eval('#previous', (button) => button.disabled), true);
  await page.click('#next');
  await waitForText(page, '#range', '21 to ');
  const rest = await names(page);
  assert.ok(rest.length >= 5);
  await page.click('#previous');
  await waitForText(page, '#range', '1 to 20');
  for (const name of await names(page)) assert.ok(!rest.includes(name), `${name} is on two pages`);
  await done(page);
});

test('the keyboard is enough, and everything has a name', async () => {
  await signUp('typist');
  const page = await world.page();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'login-username');
  await page.keyboard.type('typist');
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.id === 'users-title');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'create');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'create-username');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'create', 'the focus goes back to where it was');

  for (const open of [null, 'create-dialog', 'edit-dialog', 'delete-dialog']) {
    if (open) await page.$eval(`#${open}`, (dialog) => dialog.showModal());
    const tree = await page.accessibility.snapshot({ interestingOnly: true });
    const nameless = [];
    const visit = (node) => {
      if (['button', 'textbox', 'combobox', 'dialog', 'link'].includes(node.role) && !node.name) nameless.push(node.role);
      for (const child of node.children ?? []) visit(child);
    };
    visit(tree);
    assert.deepEqual(nameless, [], open ?? 'page');
    if (open) await page.$eval(`#${open}`, (dialog) => dialog.close());
  }
  await done(page);
});

test('a Bmob that is gone is said in words', async () => {
  await signUp('last');
  const page = await world.page();
  await logIn(page, 'last');
  await page.waitForSelector('#rows tr');
  assert.equal(await world.stop(world.sandbox), 0);
  await page.click('#refresh');
  await waitForText(page, '#error', 'Bmob cannot be reached');
  page.troubles.length = 0;  // the browser's own line about HTTP 502
  assert.equal(await world.stop(world.admin), 0);
  await page.click('#refresh');
  await waitForText(page, '#error', 'The service cannot be reached.');
  page.troubles.length = 0;
  await done(page);
});

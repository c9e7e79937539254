// Every heading of the requirement documents about Bmob has a test, and every test that is named exists.
//   node headings.mjs             checks headings.tsv against headings/*.txt and against the tests
//   node headings.mjs DOCUMENTS   also checks headings/*.txt against the documents in that folder
//
// headings/*.txt: the headings as the documents write them, with what stands like one (a bold line, an entry of the outline).
// headings.tsv: document, heading below its parents, C++ test case, JavaScript test. A test is `file: name`. Instead of a test
// there may be `- reason`; a heading needs one real test, or a reason in both columns.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const tests = join(here, '..');
const problems = [];

// What every operation's section has; not a subject of its own.
const parts = /^(简介|参数说明|请求示例|请求|返回示例|返回与批量修改一致|请求描述|成功时响应|例子|云函数示例|个人|企业)$/;
// Subjects that stand on a line of their own without a mark.
const unmarked = ['Eamil密码重置', '短信密码重置', '提供旧密码方式安全修改用户密码'];

// 1 to 6 for a heading, 7 for what stands below one without being marked as a heading; undefined for any other line.
function headingOf(line) {
  const marked = /^(#{1,6}) *(.*?) *#*$/.exec(line);
  if (marked && marked[2] === '') return undefined;
  // The examples of the admin document stand beside their route's section, not in it.
  if (marked) return { level: marked[2] === 'curl例子' ? 4 : marked[1].length, text: marked[2] };
  const bold = /^ ?\*\*([^*]+?)[：:]? ?\*\*$/.exec(line);
  if (bold && !parts.test(bold[1].trim())) return { level: 7, text: bold[1].trim() };
  const bullet = /^( *)• (.+)$/.exec(line);
  if (bullet) return { level: 1 + bullet[1].length / 2, text: bullet[2] };
  return unmarked.includes(line) ? { level: 7, text: line } : undefined;
}

// The lines of a document that are headings. The older document about SMS has them in an outline at its top.
function headingLines(document) {
  let isCode = false;
  const lines = document.split('\n').filter((line) => {
    if (line.startsWith('```')) isCode = !isCode;
    return !isCode;
  });
  const outline = document.startsWith('•') ? lines.slice(0, lines.findIndex((line) => line.trim() === '')) : lines;
  return outline.filter((line) => headingOf(line));
}

// `用户操作 > 登陆`: each heading with those above it.
function paths(lines) {
  const open = [];
  return lines.map((line) => {
    const { level, text } = headingOf(line);
    while (open.length > 0 && open.at(-1).level >= level) open.pop();
    open.push({ level, text });
    return open.map((one) => one.text).join(' > ');
  });
}

const filesIn = (folder, pattern) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && pattern.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .filter((file) => !file.includes('node_modules'));

// The names of the tests by the file that has them.
function testsIn(folder, pattern, declaration) {
  const found = new Set();
  for (const file of filesIn(folder, pattern)) {
    for (const match of readFileSync(file, 'utf8').matchAll(declaration)) found.add(`${basename(file)}: ${match[1]}`);
  }
  return found;
}

function check(document, column, known, where) {
  const text = (column ?? '').trim();
  if (/^- \S/.test(text)) return;
  if (text === '') problems.push(`${where}: no ${document} test and no reason`);
  for (const name of text.split('; ').filter((one) => one !== '')) {
    if (!known.has(name)) problems.push(`${where}: there is no ${document} test "${name}"`);
  }
}

const [folder] = process.argv.slice(2);
const rows = readFileSync(join(here, 'headings.tsv'), 'utf8').trimEnd().split('\n').slice(1).map((line) => line.split('\t'));
const documents = readdirSync(join(here, 'headings')).map((name) => basename(name, '.txt'));
const copied = new Map(documents.map((name) => [name, readFileSync(join(here, 'headings', `${name}.txt`), 'utf8').trimEnd().split('\n')]));

const wanted = documents.flatMap((name) => paths(copied.get(name)).map((path) => `${name}\t${path}`));
const listed = rows.map(([document, heading]) => `${document}\t${heading}`);
for (const one of wanted) if (!listed.includes(one)) problems.push(`headings.tsv lacks: ${one}`);
for (const one of listed) if (!wanted.includes(one)) problems.push(`headings.tsv has what no document has: ${one}`);
if (new Set(listed).size !== listed.length) problems.push('headings.tsv has a heading twice');

const cpp = testsIn(tests, /\.cpp$/, /BOOST_(?:AUTO|FIXTURE|DATA)_TEST_CASE\(\s*(\w+)/g);
const javaScript = testsIn(join(tests, 'interop'), /\.mjs$/, /^ *test\('([^']+)'/gm);
for (const [document, heading, cppTest, javaScriptTest] of rows) {
  const where = `${document}: ${heading}`;
  check('C++', cppTest, cpp, where);
  check('JavaScript', javaScriptTest, javaScript, where);
  // A heading without any test has the same reason twice: it is nothing to call.
  const reasons = [cppTest, javaScriptTest].filter((text) => text.startsWith('- '));
  if (reasons.length === 2 && reasons[0] !== reasons[1]) problems.push(`${where}: two reasons and no test`);
}

for (const name of folder ? documents : []) {
  const file = join(folder, `${name}.md`);
  const found = existsSync(file) ? headingLines(readFileSync(file, 'utf8')) : [];
  if (found.join('\n') !== copied.get(name).join('\n')) problems.push(`headings/${name}.txt is not what ${file} has`);
}

for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);

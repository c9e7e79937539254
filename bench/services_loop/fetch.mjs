// The same calls with Node's fetch: node fetch.mjs BASE_URL IN_FLIGHT SECONDS (NODE_EXTRA_CA_CERTS names the root)
const [base, inFlight, seconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const url = base + '/cgi-bin/message/subscribe/send?access_token=ACCESS_TOKEN';
const headers = { 'Content-Type': 'application/json; charset=utf-8' };

async function loop(end) {
  let answers = 0;
  while (performance.now() < end) {
    const message = { touser: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', template_id: 'TEMPLATE_ID',
      data: { thing1: { value: '季卡' }, amount2: { value: '88.00元' } } };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) });
    const answer = await response.json();
    if (response.ok && answer.errcode === 0) answers += 1;
  }
  return answers;
}

async function run(time) {
  const counts = await Promise.all(Array.from({ length: inFlight }, () => loop(performance.now() + time * 1000)));
  return counts.reduce((sum, count) => sum + count, 0);
}

await run(0.5);
const begin = performance.now();
const answers = await run(seconds);
console.log(Math.round(answers / (performance.now() - begin) * 1000));

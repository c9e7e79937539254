'use strict';
// A TLS server that answers each request with one WeChat Pay message. usage: node server.js PORT CERTIFICATE KEY
const https = require('https');
const fs = require('fs');
const [port, certificate, key] = process.argv.slice(2);

const fields = {
  return_code: 'SUCCESS', return_msg: 'OK', appid: 'wx2421b1c4370ec43b', mch_id: '10000100', device_info: '1000',
  nonce_str: 'FvYSnPuFFPkAr77M', sign: 'E3A0E6C5B0C2B0F27F1B3C4E6E7A8B90', result_code: 'SUCCESS',
  prepay_id: 'wx201410272009395522657a690389285100', trade_type: 'JSAPI', code_url: 'weixin://wxpay/bizpayurl?pr=2VqZq',
};
const body = '<xml>' + Object.entries(fields).map(([name, text]) => `<${name}><![CDATA[${text}]]></${name}>`).join('') + '</xml>';

const options = { cert: fs.readFileSync(certificate), key: fs.readFileSync(key), keepAlive: true };
const server = https.createServer(options, (request, response) => {
  request.resume();
  response.setHeader('Content-Type', 'text/xml');
  response.end(body);
});
server.keepAliveTimeout = 300000;
server.listen(Number(port), '127.0.0.1', () => console.log(server.address().port));

'use strict';
// node csv.js FILE: rows and fields by csv-parse
const fs = require('fs'); const { parse } = require('csv-parse'); let rows = 0, f = 0;
const p = parse({ bom: true, quote: false, relax_column_count: true });
p.on('data', (r) => { rows++; f += r.length; }); p.on('end', () => console.log(rows, f));
fs.createReadStream(process.argv[2], { highWaterMark: 1 << 20 }).pipe(p);

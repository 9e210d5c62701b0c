// Fails when the JavaScript that the first page needs outgrows its budget: what the document loads, the page of keys, and
// all that these import at once. What is fetched when it is opened is listed, too, and counts when one of these imports it.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 220;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const FIRST_PAGE = /^KeysPage-/;

const chunks = new Map(
  readdirSync(`${dist}assets/`)
    .filter((name) => name.endsWith(".js"))
    .map((name) => {
      const code = readFileSync(`${dist}assets/${name}`);
      const imports = [...code.toString().matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(([, file]) => file);
      return [name, { bytes: gzipSync(code).length, imports }];
    }),
);

const document = readFileSync(`${dist}index.html`, "utf8");
const waiting = [...chunks.keys()].filter((name) => document.includes(name) || FIRST_PAGE.test(name));
const first = new Set();
while (waiting.length > 0) {
  const name = waiting.pop();
  if (name === undefined || first.has(name) || !chunks.has(name)) continue;
  first.add(name);
  waiting.push(...chunks.get(name).imports);
}

let total = 0;
let all = 0;
for (const [name, { bytes }] of [...chunks].sort(([, a], [, b]) => b.bytes - a.bytes)) {
  all += bytes / 1000;
  if (first.has(name)) total += bytes / 1000;
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${first.has(name) ? "first" : "later"}  ${name}`);
}
console.log(`${all.toFixed(1).padStart(7)} kB  all JavaScript, gzip`);
console.log(`${total.toFixed(1).padStart(7)} kB  for the first page; the budget is ${BUDGET_KB} kB`);
if (![...first].some((name) => FIRST_PAGE.test(name)) || total > BUDGET_KB) process.exit(1);

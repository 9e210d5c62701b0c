// Fails when the JavaScript that the first page needs outgrows its budget: what the document loads, and all that this imports at
// once. What is fetched when it is opened is listed, too, and counts when one of these imports it. Fails, too, when a part of
// Mantine comes without its style sheet: they are named one by one in theme/index.css.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 220;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
/** Words of the page of keys, which is the first one. */
const FIRST_PAGE = "Filter by name or last characters";

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
const waiting = [...chunks.keys()].filter((name) => document.includes(name));
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
const code = (name) => readFileSync(`${dist}assets/${name}`, "utf8");
const hasFirstPage = [...first].some((name) => code(name).includes(FIRST_PAGE));
if (!hasFirstPage) console.log("The page of keys is not among what the document loads.");

const mantine = readFileSync(new URL("../node_modules/@mantine/core/styles.css", import.meta.url), "utf8");
const styles = readdirSync(`${dist}assets/`).filter((name) => name.endsWith(".css"));
const there = styles.map(code).join("");
const classes = new Set([...chunks.keys()].flatMap((name) => code(name).match(/\bm_[0-9a-f]{5,8}\b/g) ?? []));
const missing = [...classes].filter((name) => mantine.includes(`.${name}`) && !there.includes(`.${name}`));
if (missing.length > 0) console.log(`Styles of Mantine that are missing: ${missing.join(", ")}`);
if (!hasFirstPage || missing.length > 0 || total > BUDGET_KB) process.exit(1);

// Fails when the JavaScript of the built window outgrows its budget: all of it, lazy pages too.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 220;
const assets = fileURLToPath(new URL("../dist/assets/", import.meta.url));

const sizes = readdirSync(assets)
  .filter((name) => name.endsWith(".js"))
  .map((name) => ({ name, bytes: gzipSync(readFileSync(assets + name)).length }))
  .sort((a, b) => b.bytes - a.bytes);

const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
for (const { name, bytes } of sizes) console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${name}`);
console.log(`${total.toFixed(1).padStart(7)} kB  JavaScript, gzip; the budget is ${BUDGET_KB} kB`);
if (sizes.length === 0 || total > BUDGET_KB) process.exit(1);

// Prints how long `keystow keys list` takes among very many keys, the whole process each time. Called by bench.sh in a world of its own.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const [keystow, seed] = process.argv.slice(2)
const KEYS = 100_000
const ROUNDS = 21

function run(program, ...args) {
  const ran = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  assert.equal(ran.status, 0, `${program} ${args.join(' ')}\n${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

const data = join(process.env.XDG_DATA_HOME || join(process.env.HOME, '.local', 'share'), 'keystow')
run(keystow, 'sign-in', '--provider', 'local')
run(seed, data, String(KEYS))

const ways = {
  'one found': ['--search', 'Customer 77777 '],
  'many found': ['--search', 'host-9'],
  'no search': [],
  'the last page': ['--page', String(KEYS / 50)],
  'process alone': null,
}
console.log(`keystow keys list among ${KEYS} keys, ${ROUNDS} rounds each, in turns, warm; milliseconds of the whole process`)
const took = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, args] of Object.entries(ways)) {
    const from = performance.now()
    const said = run(keystow, ...(args ? ['keys', 'list', '--json', ...args] : ['--version']))
    const ms = performance.now() - from
    if (args) assert.ok(JSON.parse(said).keys.length > 0, name)
    // The first round warms up.
    if (round > 0) took[name].push(ms)
  }
}
const at = (share, values) => [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]
console.log(`${''.padEnd(26)}${'p50'.padStart(10)}${'p95'.padStart(10)}`)
for (const [name, values] of Object.entries(took)) {
  console.log(`${name.padEnd(26)}${at(0.5, values).toFixed(1).padStart(10)}${at(0.95, values).toFixed(1).padStart(10)}`)
}

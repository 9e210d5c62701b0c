// Prints how long `keystow keys list` takes among very many keys, the whole process each time. Called by bench.sh in a world of its own.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
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

// A workspace that nothing is known of yet, at a server that counts: what is asked for after sign-in until the first page is there.
const asked = []
const key = (number) => ({ id: `k_${number}`, name: `Key ${number}`, prefix: 'ocore_k_', mcpActive: true })
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`)
  const path = request.url.split('?')[0]
  const answer =
    path === '/api/auth/me'
      ? { user: { email: 'bench@example.com' } }
      : path === '/api/api-keys'
        ? { apiKeys: Array.from({ length: 50 }, (_, number) => key(number)), total: KEYS }
        : null
  response.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer ?? { error: 'not found' }))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

// Not `spawnSync`: the server answers meanwhile.
async function runAt(...args) {
  const child = spawn(keystow, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end('a-token-of-the-bench\n')
  const said = []
  child.stdout.on('data', (data) => said.push(data))
  const [status] = await once(child, 'close')
  assert.equal(status, 0, `${args.join(' ')}\n${Buffer.concat(said)}`)
  return Buffer.concat(said).toString()
}
await runAt('sign-in', '--provider', 'ocore', '--url', `http://127.0.0.1:${server.address().port}/api`, '--method', 'token')
asked.length = 0
const page = JSON.parse(await runAt('keys', 'list', '--json'))
assert.equal(page.keys.length, 50)
console.log(`first page of an uncached workspace: ${asked.length} request${asked.length === 1 ? '' : 's'}`)
server.close()

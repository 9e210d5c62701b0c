// Prints how long an MCP client waits with the bridge in between, and without. Called by bench.sh in a world of its own.
//
// Both ways are measured in turns, so that a busy moment of the machine hits both; the figures are medians over the rounds.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [keystow] = process.argv.slice(2)
const ROUNDS = 5
const CALLS = 500
const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
const call = { name: 'echo', arguments: { text: 'hello' } }

function run(program, ...args) {
  const ran = spawnSync(program, args, { encoding: 'utf8' })
  assert.equal(ran.status, 0, `${program} ${args.join(' ')}\n${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

/** A client that reaches the server through the command in its settings file. */
function throughBridge({ command, args }) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = new Map()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line)
    waiting.get(message.id)?.(message)
  })
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  return {
    ask: (id, method, params) =>
      new Promise((resolve) => {
        waiting.set(id, resolve)
        send({ id, method, params })
      }),
    tell: (method) => send({ method }),
    memory: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    end: () =>
      new Promise((resolve) => {
        child.on('exit', resolve)
        child.stdin.end()
      }),
  }
}

/** A client that speaks HTTP itself and knows the key. */
function direct(url, key) {
  const headers = {
    authorization: `Bearer ${key}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  }
  const post = async (message) => {
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...message }) })
    const session = answer.headers.get('mcp-session-id')
    if (session) headers['mcp-session-id'] = session
    const text = await answer.text()
    assert.ok(answer.ok, `${answer.status} ${text}`)
    const data = text.split(/\r?\n/).filter((line) => line.startsWith('data:') && line.length > 6)
    return text && JSON.parse(data.length > 0 ? data.at(-1).slice(5) : text)
  }
  return {
    ask: (id, method, params) => post({ id, method, params }),
    tell: (method) => post({ method }),
    memory: () => Number.NaN,
    end: () => fetch(url, { method: 'DELETE', headers }).then((answer) => answer.arrayBuffer()),
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

async function round(open) {
  const started = performance.now()
  const client = open()
  const answer = await client.ask(0, 'initialize', initialize)
  assert.ok(answer.result, JSON.stringify(answer))
  const init = performance.now() - started
  await client.tell('notifications/initialized')
  const times = []
  for (let id = 1; id <= CALLS; id++) {
    const from = performance.now()
    const called = await client.ask(id, 'tools/call', call)
    times.push(performance.now() - from)
    assert.ok(called.result, JSON.stringify(called))
  }
  const memory = client.memory()
  await client.end()
  times.sort((a, b) => a - b)
  const at = (share) => times[Math.floor(share * (times.length - 1))]
  return { 'start to initialized, ms': init, 'call p50, ms': at(0.5), 'call p95, ms': at(0.95), 'call p99, ms': at(0.99), 'memory peak, MB': memory }
}

run(keystow, 'sign-in', '--provider', 'local')
mkdirSync(join(process.env.HOME, '.cursor'))
const settings = join(process.env.HOME, '.cursor', 'mcp.json')
writeFileSync(settings, '{}\n')
run(keystow, 'connect', 'cursor', '--yes')
const [entry] = Object.values(JSON.parse(readFileSync(settings, 'utf8')).mcpServers)
const [connection] = JSON.parse(run(keystow, 'status', '--json'))
const [server] = JSON.parse(run(keystow, 'servers', '--json'))
const key = run('secret-tool', 'lookup', 'service', 'keystow', 'username', `key/${connection.workspace}/${connection.key}`)

const ways = { direct: () => direct(server.url, key), bridge: () => throughBridge(entry) }
const measured = { direct: [], bridge: [] }
for (const open of Object.values(ways)) await round(open)
for (let turn = 0; turn < ROUNDS; turn++) {
  for (const [name, open] of Object.entries(ways)) measured[name].push(await round(open))
}

console.log(`${ROUNDS} rounds of ${CALLS} calls in turns, medians; ${cpus().length} processors, ${cpus()[0]?.model}`)
console.log(`${''.padEnd(26)}${'direct'.padStart(10)}${'bridge'.padStart(10)}${'ratio'.padStart(8)}`)
for (const figure of Object.keys(measured.bridge[0])) {
  const [d, b] = [measured.direct, measured.bridge].map((rounds) => median(rounds.map((values) => values[figure])))
  const show = (value) => (Number.isNaN(value) ? '–' : value.toFixed(2))
  console.log(`${figure.padEnd(26)}${show(d).padStart(10)}${show(b).padStart(10)}${show(b / d).padStart(8)}`)
}
console.log('Direct is fetch in this Node process. Other bridges are not measured yet.')

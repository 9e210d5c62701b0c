// Prints how long an MCP client waits with the bridge in between, and without. Called by bench.sh in a world of its own.
//
// Both ways are measured in turns, so that a busy moment of the machine hits both. The server is the local workspace, which allows
// each key 120 requests a minute: every round therefore connects anew, with a key of its own, and stays below that.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [keystow, service] = process.argv.slice(2)
const ROUNDS = 9
const CALLS = 45
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

/** One client's life, in milliseconds and megabytes. */
async function live(open) {
  const started = performance.now()
  const client = open()
  const answer = await client.ask(0, 'initialize', initialize)
  assert.ok(answer.result, JSON.stringify(answer))
  const start = performance.now() - started
  await client.tell('notifications/initialized')
  const calls = []
  for (let id = 1; id <= CALLS; id++) {
    const from = performance.now()
    const called = await client.ask(id, 'tools/call', call)
    calls.push(performance.now() - from)
    assert.ok(called.result, JSON.stringify(called))
  }
  const memory = client.memory()
  await client.end()
  return { start, calls, memory }
}

const settings = join(process.env.HOME, '.cursor', 'mcp.json')

/** Connects with a key of this round; returns both ways to the same server with that key. */
function connect(round) {
  run(keystow, 'keys', 'create', `round ${round}`)
  run(keystow, 'connect', 'cursor', '--key', `round ${round}`, '--yes')
  const [entry] = Object.values(JSON.parse(readFileSync(settings, 'utf8')).mcpServers)
  const [{ connection }] = JSON.parse(run(keystow, 'status', '--no-probe', '--json'))
  const key = run('secret-tool', 'lookup', 'service', service, 'username', `key/${connection.workspace}/${connection.key}`)
  return { direct: () => direct(server.url, key), bridge: () => throughBridge(entry) }
}

run(keystow, 'sign-in', '--provider', 'local')
const [server] = JSON.parse(run(keystow, 'servers', '--json'))
mkdirSync(join(process.env.HOME, '.cursor'))
writeFileSync(settings, '{}\n')

const lives = { direct: [], bridge: [] }
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, open] of Object.entries(connect(round))) {
    const life = await live(open)
    // The first round warms up both.
    if (round > 0) lives[name].push(life)
  }
  run(keystow, 'disconnect', 'cursor', '--yes')
}

const at = (share, values) => [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]
const calls = (of) => of.flatMap((life) => life.calls)
const figures = {
  'start to initialized, ms': (of) => at(0.5, of.map((life) => life.start)),
  'call p50, ms': (of) => at(0.5, calls(of)),
  'call p95, ms': (of) => at(0.95, calls(of)),
  'memory peak, MB': (of) => at(0.5, of.map((life) => life.memory)),
}
console.log(`${ROUNDS} rounds of ${CALLS} calls each way, in turns; ${cpus().length} processors, ${cpus()[0]?.model}`)
console.log(`${''.padEnd(26)}${'direct'.padStart(10)}${'bridge'.padStart(10)}${'ratio'.padStart(8)}`)
for (const [title, figure] of Object.entries(figures)) {
  const [d, b] = [figure(lives.direct), figure(lives.bridge)]
  const show = (value) => (Number.isNaN(value) ? '–' : value.toFixed(2))
  console.log(`${title.padEnd(26)}${show(d).padStart(10)}${show(b).padStart(10)}${show(b / d).padStart(8)}`)
}
console.log('Direct is fetch in this Node process. Other bridges are not measured yet.')

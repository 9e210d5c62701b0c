// Bridges beside each other: keystow's, other people's, and none. Called by bench.sh in a world of its own.
//
//   bench.mjs KEYSTOW DRIVER PEERS RESULTS [DOCUMENT]
//
// To be run by a copy of node: memory is counted in shares (PSS), and the node that bridges are run by must not share with this one.
// All take turns within each round, so that a busy moment of the machine hits everybody; what is told is the median of the rounds. The
// server is rmcp's, in a process of its own, and asks for a key. Keystow's bridge looks its connection up in the store and its key up in
// the keychain each time it starts; the others are handed both. The driver (examples/bench of the bridge's crate) is the client.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [keystow, driver, peers, results, document] = process.argv.slice(2)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
const CALLS = 500
const TEN = 10
/** Longer than any of them needs that comes to an end at all. */
const LIMIT_S = 30
const KEY = 'bench_0123456789abcdef0123456789abcdef'

function run(program, args, { input, env } = {}) {
  const ran = spawnSync(program, args, { encoding: 'utf8', input, env: { ...process.env, ...env }, maxBuffer: 1 << 26 })
  assert.equal(ran.status, 0, `${program} ${args.join(' ')}\n${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

/** A server that ends with us; gives its address. */
function serve(...tls) {
  const server = spawn(driver, ['serve', KEY, ...tls], { stdio: ['ignore', 'pipe', 'inherit'] })
  process.on('exit', () => server.kill())
  return new Promise((resolve) => createInterface({ input: server.stdout }).once('line', resolve))
}

/** The command that Keystow writes into Cursor's settings for a server. */
function connected(name, url, env) {
  run(keystow, ['providers', 'add', name, '--url', url])
  run(keystow, ['sign-in', '--provider', name])
  run(keystow, ['keys', 'add', name], { input: `${KEY}\n`, env })
  run(keystow, ['connect', 'cursor', '--key', name, '--no-probe', '--yes'])
  const entries = Object.values(JSON.parse(readFileSync(settings, 'utf8')).mcpServers)
  const { command, args } = entries.at(-1)
  return [command, ...args]
}

const manifest = (name) => JSON.parse(readFileSync(join(peers, 'node_modules', name, 'package.json'), 'utf8')).version
const proxyVersion = run(join(peers, 'proxy/bin/pip'), ['show', 'mcp-proxy']).match(/^Version: (.*)$/m)[1]
const versions = {
  keystow: run(keystow, ['--version']).trim().split(' ').at(-1),
  'mcp-remote': manifest('mcp-remote'),
  supergateway: manifest('supergateway'),
  'mcp-proxy': proxyVersion,
  node: process.versions.node,
  python: run(join(peers, 'proxy/bin/python'), ['--version']).trim().split(' ').at(-1),
}

const header = `Authorization: Bearer ${KEY}`
const others = (url) => ({
  'mcp-remote': ['node', join(peers, 'node_modules/mcp-remote/dist/proxy.js'), url, '--header', header, '--transport', 'http-only'],
  supergateway: ['node', join(peers, 'node_modules/supergateway/dist/index.js'), '--streamableHttp', url, '--header', header, '--logLevel', 'none'],
  'mcp-proxy': [join(peers, 'proxy/bin/mcp-proxy'), '--transport', 'streamablehttp', '-H', 'Authorization', `Bearer ${KEY}`, url],
})

const settings = join(process.env.HOME, '.cursor', 'mcp.json')
mkdirSync(join(process.env.HOME, '.cursor'))
writeFileSync(settings, '{"mcpServers":{}}\n')
const authority = join(process.env.HOME, 'authority.pem')
const own = join(process.env.HOME, 'own.pem')
run('openssl', [
  ...['req', '-x509', '-nodes', '-days', '2', '-subj', '/CN=bench', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
  ...['-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE', '-keyout', own, '-out', authority],
])

const places = { http: await serve(), https: await serve(authority, own) }
const commands = {}
const environment = { http: {}, https: { SSL_CERT_FILE: authority, NODE_EXTRA_CA_CERTS: authority } }
for (const [scheme, url] of Object.entries(places)) {
  commands[scheme] = { direct: null, keystow: connected(`bench-${scheme}`, url, environment[scheme]), ...others(url) }
}

/** One figure set of one contender; `null` where it cannot do that, which is not tried again. */
function drive(scheme, what, name, ...more) {
  const title = `${name}, ${what} over ${scheme}`
  if (failures.has(title)) return null
  const command = commands[scheme][name]
  const args = command ? [what, ...more, ...command] : [`direct-${what}`, ...more, places[scheme]]
  const ran = spawnSync(driver, args, {
    encoding: 'utf8',
    env: { ...process.env, ...environment[scheme] },
    input: command ? undefined : KEY,
    timeout: LIMIT_S * 1000,
  })
  if (ran.status === 0) return JSON.parse(ran.stdout)
  const why = ran.error ? `no end within ${LIMIT_S} s` : ran.stderr.trim().split('\n').slice(0, 2).join(' ')
  failures.set(title, why)
  return null
}
const failures = new Map()

const names = ['direct', 'keystow', 'mcp-remote', 'supergateway', 'mcp-proxy']
const before = loadavg()[0]
const lives = { http: {}, https: {} }
const larges = { http: {}, https: {} }
const tens = {}
const note = (of, name, figures) => {
  of[name] ??= []
  if (figures) of[name].push(figures)
}
for (let round = 0; round <= ROUNDS; round++) {
  // The first round warms up.
  const kept = round > 0 ? note : () => {}
  for (const scheme of ['http', 'https']) {
    for (const name of names) kept(lives[scheme], name, drive(scheme, 'live', name, String(CALLS)))
    for (const name of names) kept(larges[scheme], name, drive(scheme, 'large', name))
  }
  if (round <= 3) for (const name of ['keystow', 'mcp-remote']) kept(tens, name, drive('http', 'many', name, String(TEN)))
}

const middle = (values) => {
  const known = values.filter(Number.isFinite).sort((a, b) => a - b)
  return known.length > 0 ? known[known.length >> 1] : null
}
const figure = (of, pick) => Object.fromEntries(names.map((name) => [name, middle((of[name] ?? []).map(pick))]))

const overDirect = (row) => (row.keystow === null || row.direct === null ? null : row.keystow - row.direct)
const over = (name) => (row) => (row.keystow && row[name] ? row[name] / row.keystow : null)
const under = (name) => (row) => (row.keystow && row[name] ? row.keystow / row[name] : null)
const rows = []
const targets = []
const add = (title, unit, row, ...wanted) => {
  rows.push({ title, unit, ...row })
  for (const [text, value, met] of wanted) targets.push({ row: title, target: text, value: value(row), met: met(value(row)) })
}
const least = (text, times, value) => [text, value, (found) => found !== null && found >= times]
const most = (text, limit, value) => [text, value, (found) => found !== null && found <= limit]

for (const scheme of ['http', 'https']) {
  const where = scheme === 'http' ? '' : ', TLS'
  const of = lives[scheme]
  add(`start to initialized${where}`, 'ms', figure(of, (life) => life.start_ms), least('≥ 30 × faster than mcp-remote', 30, over('mcp-remote')))
  add(
    `a call, middle${where}`,
    'ms',
    figure(of, (life) => life.call_ms.p50),
    least('≤ 1/7 of mcp-remote', 7, over('mcp-remote')),
    most('≤ 0.1 ms over direct', 0.1, overDirect),
  )
  add(`a call, worst of 100${where}`, 'ms', figure(of, (life) => life.call_ms.p99), least('≤ 1/15 of mcp-remote', 15, over('mcp-remote')))
  add(`calls a second, 32 at a time${where}`, '/s', figure(of, (life) => life.calls_per_s), least('≥ 5 × mcp-remote', 5, under('mcp-remote')))
  add(`memory (PSS)${where}`, 'MB', figure(of, (life) => life.pss_mb), least('≤ 1/15 of mcp-remote', 15, over('mcp-remote')))
  add(`a result of 50 MB${where}`, 'ms', figure(larges[scheme], (large) => large.ms), most('≤ 1.3 × direct', 1.3, under('direct')))
  add(`memory added by it${where}`, 'MB', figure(larges[scheme], (large) => large.added_mb), most('≤ 16 MB', 16, (row) => row.keystow))
  add(`input closed to process gone${where}`, 'ms', figure(of, (life) => life.end_ms), most('≤ 50 ms', 50, (row) => row.keystow))
}
add('memory of ten (PSS)', 'MB', figure(tens, (ten) => ten.pss_mb), least('≤ 1/20 of ten mcp-remotes', 20, over('mcp-remote')))

const show = (value) => (value === null || value === undefined ? '–' : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0))
const machine = `${cpus().length} processors, ${cpus()[0]?.model}`
const today = new Date().toISOString().slice(0, 10)
const table = [
  `| | ${names.join(' | ')} |`,
  `|---|${names.map(() => '--:|').join('')}`,
  ...rows.map((row) => `| ${row.title}, ${row.unit} | ${names.map((name) => show(row[name])).join(' | ')} |`),
]
const verdicts = [
  '| target | row | measured | |',
  '|---|---|--:|---|',
  ...targets.map(({ row, target, value, met }) => `| ${target} | ${row} | ${show(value)} | ${met ? 'met' : '**missed**'} |`),
]
const text = [
  `Measured on ${today}, ${machine}; load before: ${before.toFixed(1)}. Medians of ${ROUNDS} rounds in turns (3 for ten), ${CALLS} calls each.`,
  `Versions: ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}.`,
  '',
  ...table,
  '',
  ...verdicts,
  ...(failures.size > 0 ? ['', 'What could not be measured:', '', ...[...failures].map(([title, why]) => `- ${title}: ${why}`)] : []),
].join('\n')
console.log(text)

mkdirSync(join(results, '..'), { recursive: true })
writeFileSync(results, `${JSON.stringify({ date: today, machine, load: before, versions, rounds: ROUNDS, calls: CALLS, rows, targets, failures: Object.fromEntries(failures), raw: { lives, larges, tens } }, null, 2)}\n`)
if (document) {
  const [begin, end] = ['<!-- figures: written by `make bench` -->', '<!-- end of figures -->']
  const old = readFileSync(document, 'utf8')
  const [head, rest] = old.split(begin)
  assert.ok(rest?.includes(end), `${document} has no place for the figures`)
  writeFileSync(document, `${head}${begin}\n${text}\n${rest.slice(rest.indexOf(end))}`)
}
// The servers would keep it going.
process.exit()

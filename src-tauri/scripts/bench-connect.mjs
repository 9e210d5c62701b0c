// Prints how long `keystow connect` takes, and how much memory, beside add-mcp and Claude Code's own command. Called by bench.sh in a
// world of its own.
//
// All take turns within each round, so that a busy moment of the machine hits everybody. Each starts from the same file, and adds one
// stdio server. `keystow` uses a key that is stowed already and leaves out its proof (a call through what was written), because
// the others have none; what the proof takes is a row of its own.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { dirname, join } from 'node:path'

import { large } from './torture-fixtures.mjs'

const [keystow, installed, scripts] = process.argv.slice(2)
const home = process.env.HOME
const MB = 1 << 20
const ONE_LINE = '{"mcpServers":{}}\n'
const log = join(home, 'log')

/** Runs a command to its end; `at` is its home. */
function timed(at, program, args, { input, env } = {}) {
  const ran = spawnSync('python3', ['-I', join(scripts, 'bench-run.py'), log, program, ...args], {
    cwd: at,
    encoding: 'utf8',
    env: {
      ...process.env,
      HOME: at,
      DO_NOT_TRACK: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CI: '1',
      ...env,
    },
    input: input ?? '',
  })
  assert.equal(ran.status, 0, ran.stderr)
  const [ms, cpu, kb, code] = ran.stdout.trim().split(' ').map(Number)
  assert.equal(code, 0, `${program} ${args.join(' ')}\n${readFileSync(log, 'utf8')}`)
  return { ms, cpu, mb: kb / 1024 }
}

function tell(...args) {
  const ran = spawnSync(keystow, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  assert.equal(ran.status, 0, `keystow ${args.join(' ')}\n${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

function place(at, path, text) {
  const file = join(at, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, { flush: true })
  return file
}

/** Connects clients and takes the entries out again, which must give every byte back. */
function connect(ids, { files = [], proof = false, env } = {}) {
  const before = files.map((file) => readFileSync(file))
  const figures = timed(home, keystow, ['connect', ...ids, '--key', 'bench', '--yes', ...(proof ? [] : ['--no-probe'])], { env })
  for (const [at, file] of files.entries()) assert.ok(!readFileSync(file).equals(before[at]), `${file} was not written`)
  tell('disconnect', ...ids, '--yes')
  for (const [at, file] of files.entries()) assert.ok(readFileSync(file).equals(before[at]), `${file} was not given back`)
  return figures
}

const other = (name) => {
  const at = join(home, `home of ${name}`)
  mkdirSync(at, { recursive: true })
  return at
}
const addMcp = (client, path, text) => {
  const at = other('add-mcp')
  place(at, path, text)
  return timed(at, join(installed, 'node_modules/.bin/add-mcp'), [
    '/opt/example/example',
    '--args',
    'bridge',
    '--args',
    'c1',
    '-g',
    '-a',
    client,
    '-n',
    'example',
    '-y',
  ])
}
const claude = (text) => {
  const at = other('claude')
  place(at, '.claude.json', text)
  const program = join(installed, `node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`)
  return timed(at, program, ['mcp', 'add-json', '-s', 'user', 'example', '-'], {
    input: '{"type":"stdio","command":"/opt/example/example","args":["bridge","c1"]}',
  })
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

/** Everybody in turns; the first round warms up. Medians by name. */
function race(rounds, contenders) {
  const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const figures = run()
      if (round > 0) runs[name].push(figures)
    }
  }
  const middle = (of, what) => median(of.map((figures) => figures[what]))
  const medians = (of) => ({ ms: middle(of, 'ms'), cpu: middle(of, 'cpu'), mb: middle(of, 'mb') })
  return Object.fromEntries(Object.entries(runs).map(([name, of]) => [name, medians(of)]))
}

const row = (first, ...cells) => console.log(first.padEnd(40) + cells.map((cell) => cell.padStart(13)).join(''))
const times = (ratio) => `${ratio.toFixed(1)}×`
const ms = (value) => `${value.toFixed(value < 100 ? 1 : 0)} ms`
const mb = (value) => `${value.toFixed(1)} MB`

tell('sign-in', '--provider', 'local')
tell('keys', 'create', 'bench')

const cursor = place(home, '.cursor/mcp.json', ONE_LINE)
const own = place(home, '.claude.json', ONE_LINE)
const claudeCode = (text) => {
  writeFileSync(own, text, { flush: true })
  return connect(['claude-code'], { files: [own] })
}

console.log(`Connecting: whole commands, medians, in turns; ${cpus().length} processors, ${cpus()[0]?.model}`)
console.log(`Load of the machine before: ${loadavg()[0].toFixed(1)}\n`)

row('a settings file of one line', 'time', 'processor', 'to keystow', 'target')
const short = race(21, {
  keystow: () => connect(['cursor'], { files: [cursor] }),
  'add-mcp': () => addMcp('cursor', '.cursor/mcp.json', ONE_LINE),
  'keystow, with its proof': () => connect(['cursor'], { files: [cursor], proof: true }),
})
for (const [name, figures] of Object.entries(short)) {
  const ratio = name === 'add-mcp' ? [times(figures.ms / short.keystow.ms), '≥ 20×'] : []
  row(`  ${name}`, ms(figures.ms), ms(figures.cpu), ...ratio)
}

const everybody = (text) => ({
  keystow: () => claudeCode(text),
  'add-mcp': () => addMcp('claude-code', '.claude.json', text),
  'claude mcp add-json': () => claude(text),
})
const tiny = race(3, everybody(ONE_LINE))
const ten = large(10 * MB)
row(
  `\na ~/.claude.json of ${mb(ten.length / MB)}`,
  ' time',
  'processor',
  'to keystow',
  'target',
  'memory added',
  'of the file',
  'target',
)
const long = race(7, everybody(ten))
for (const [name, figures] of Object.entries(long)) {
  const added = figures.mb - tiny[name].mb
  const ratio = name === 'keystow' ? ['', ''] : [times(figures.ms / long.keystow.ms), '≥ 5×']
  row(
    `  ${name}`,
    ms(figures.ms),
    ms(figures.cpu),
    ...ratio,
    mb(added),
    times(added / (ten.length / MB)),
    name === 'keystow' ? '≤ 6×' : '',
  )
}

row('\nkeystow, by the size of the file', ' time', 'per MB', 'processor', 'per MB', 'memory added', 'of the file')
for (const size of [1, 10, 100]) {
  const text = large(size * MB)
  const { keystow: figures } = race(size === 100 ? 3 : 7, { keystow: () => claudeCode(text) })
  const whole = text.length / MB
  const added = figures.mb - tiny.keystow.mb
  const perMb = (what) => ms((figures[what] - tiny.keystow[what]) / whole)
  row(`  ${mb(whole)}`, ms(figures.ms), perMb('ms'), ms(figures.cpu), perMb('cpu'), mb(added), times(added / whole))
}
writeFileSync(own, ONE_LINE)

// Those with a settings file of the person's.
const ids = JSON.parse(tell('clients', '--json'))
  .filter((client) => client.targets.some((target) => target.id === 'user'))
  .map((client) => client.id)
  .slice(0, 25)
const nosync = join(home, 'nosync.so')
const compiled = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', nosync, join(scripts, 'bench-nosync.c')])
row(`\n${ids.length} clients in one command`, ' time', 'processor', 'target')
const many = race(7, {
  all: () => connect(ids),
  ...(compiled.status === 0 ? { unsynced: () => connect(ids, { env: { LD_PRELOAD: nosync } }) } : {}),
})
row('  keystow', ms(many.all.ms), ms(many.all.cpu))
if (many.unsynced) {
  row('  of it, flushing to the disk', ms(Math.max(0, many.all.ms - many.unsynced.ms)))
  row('  the rest', ms(many.unsynced.ms), ms(many.unsynced.cpu), '≤ 500 ms')
}

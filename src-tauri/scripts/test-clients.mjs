// Lets AI clients themselves reach the local workspace through what Keystow wrote into their settings. Called by test-clients.sh in
// a world of its own.
//
//   node test-clients.mjs KEYSTOW INSTALLED NEIGHBOUR [CLIENT]
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { clients, project, run } from './test-clients-programs.mjs'
import { onlyInserted } from './torture-verdict.mjs'

const [keystow, installed, neighbour, only] = process.argv.slice(2)
const home = process.env.HOME
const NAME = 'keystow'
/** What the server of mode `exec` wants to find in its environment. */
const VARIABLE = 'NEIGHBOUR_KEY'
/** Tools of the local workspace. */
const TOOLS = ['whoami', 'echo']

function must(ran) {
  assert.equal(ran.code, 0, ran.said)
  return ran
}
const tell = (...args) => must(run(keystow, ...args))

/** Connects with a key of its own, because each may call the workspace only so often. */
let keys = 0
function connect(client, mode, ...more) {
  const key = `key ${++keys}`
  tell('keys', 'create', key)
  const server = mode === 'exec' ? ['--env', VARIABLE] : []
  const command = mode === 'exec' ? ['--', 'node', neighbour, VARIABLE] : []
  tell('connect', client.id, '--mode', mode, '--key', key, '--yes', ...server, ...more, ...command)
  const [{ connection }] = JSON.parse(tell('status', '--no-probe', '--json').stdout)
  const stowed = [
    'service',
    process.env.KEYSTOW_SERVICE ?? 'keystow-dev',
    'username',
    `key/${connection.workspace}/${connection.key}`,
  ]
  const secret = must(run('secret-tool', 'lookup', ...stowed)).stdout.trim()
  assert.ok(secret.length > 20, 'the key is not in the keychain')
  return { key, secret }
}

/** Every file below a directory that holds the text. */
function holding(dir, text) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => readFileSync(file).includes(text))
}

async function reaches(client, mode) {
  const { reached, tools, echo, said } = await client.status(NAME)
  assert.ok(reached, `${client.id} does not reach the server\n${said}`)
  if (client.tells !== 'tools') return ''
  const wanted = mode === 'exec' ? ['greet'] : TOOLS
  for (const tool of wanted) assert.ok(tools.includes(tool), `${client.id} sees no ${tool} in ${tools}`)
  if (mode !== 'exec') assert.equal(echo, 'through Keystow', said)
  return `, ${tools.length} tools${echo ? ', and calls one' : ''}`
}

const steps = {
  'what was connected is disconnected to the byte': (client, mode) => {
    connect(client, mode, '--no-probe')
    const connected = readFileSync(client.file)
    assert.ok(onlyInserted(Buffer.from(client.original), connected), `more than the entry was written\n${connected}`)
    tell('disconnect', client.id, '--yes')
    assert.equal(readFileSync(client.file, 'utf8'), client.original)
  },

  'the client reaches the server, and its other one': async (client, mode) => {
    const { secret } = connect(client, mode)
    const said = await reaches(client, mode)
    const other = await client.status('neighbour')
    assert.ok(other.reached, `the neighbour is lost\n${other.said}`)
    assert.deepEqual(holding(home, secret), [], 'the key stands in a file')
    return said
  },

  'a key that is paused stops it, a resumed one starts it again': async (client, mode) => {
    // The server of this mode asks the workspace nothing.
    if (mode === 'exec') return ' (not in this mode)'
    const key = `key ${keys}`
    tell('keys', 'pause', key)
    const refused = await client.status(NAME)
    assert.ok(refused.listed && !refused.reached, `reached with a paused key\n${refused.said}`)
    tell('keys', 'resume', key)
    return reaches(client, mode)
  },

  'it still does after the client has rewritten its file': async (client, mode) => {
    const before = readFileSync(client.file, 'utf8')
    must(client.add('other'))
    const after = readFileSync(client.file, 'utf8')
    assert.notEqual(after, before)
    assert.deepEqual(Object.keys(client.servers(after)).sort(), [NAME, 'neighbour', 'other'].sort())
    const said = await reaches(client, mode)
    const [{ entry }] = JSON.parse(tell('status', '--no-probe', '--json').stdout)
    assert.equal(entry ?? 'fine', 'fine', 'the rewritten entry is taken for another')
    return said
  },

  'and then only the entry goes': async (client) => {
    const before = readFileSync(client.file)
    tell('disconnect', client.id, '--yes')
    const after = readFileSync(client.file)
    assert.ok(onlyInserted(after, before), `more than the entry is gone\n--- before\n${before}\n--- after\n${after}`)
    const { [NAME]: ours, ...others } = client.servers(before.toString())
    assert.ok(ours)
    assert.deepEqual(client.servers(after.toString()), others)
    assert.deepEqual(client.rest(after.toString()), client.rest(before.toString()))
    const gone = await client.status(NAME)
    assert.ok(!gone.listed, `${client.id} still lists it\n${gone.said}`)
    assert.ok((await client.status('neighbour')).reached, 'the neighbour is lost')
  },
}

/** In the settings of a project, which is trusted and has none yet. */
async function inProject(client, mode, place) {
  client.trust()
  const files = () =>
    holding(project, '')
      .sort()
      .map((file) => [file, readFileSync(file, 'utf8')])
  const before = files()
  connect(client, mode, '--target', `${place}=${project}`)
  const said = await reaches(client, mode)
  tell('disconnect', client.id, '--yes')
  assert.deepEqual(files(), before)
  const gone = await client.status(NAME)
  assert.ok(!gone.listed, `${client.id} still lists it\n${gone.said}`)
  return said
}

const programs = clients(installed, neighbour).filter((client) => !only || client.id === only)
const bin = join(home, 'bin')
mkdirSync(bin)
mkdirSync(project)
for (const { program, file } of programs) {
  symlinkSync(program[1], join(bin, program[0]))
  mkdirSync(dirname(file), { recursive: true })
}
tell('sign-in', '--provider', 'local')

let failed = 0
/** Whether a step did what it should. */
async function does(title, client, step) {
  try {
    console.log(`  ok  ${title}${(await step()) ?? ''}`)
    return true
  } catch (error) {
    failed++
    console.log(`FAILED  ${title}\n${error.message}`)
    run(keystow, 'disconnect', client.id, '--yes')
    return false
  }
}

for (const client of programs) {
  console.log(`\n${client.id} ${must(run(client.program[1], '--version')).stdout.trim()}`)
  for (const mode of client.modes) {
    writeFileSync(client.file, client.original)
    for (const [title, step] of Object.entries(steps)) {
      if (!(await does(`${mode}: ${title}`, client, () => step(client, mode)))) break
    }
  }
  for (const place of client.places) {
    for (const mode of client.modes) {
      await does(`${mode}: the client reaches the server from its ${place} settings`, client, () => inProject(client, mode, place))
    }
  }
}
process.exitCode = failed > 0 ? 1 : 0

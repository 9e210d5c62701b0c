// Takes keystow.exe through the whole loop under wine: sign in, connect three clients whose files are as people have them, call
// a tool through the command that was written, disconnect, and find every file byte for byte as it was.
//
// Called by test-windows.sh, which has made WINEPREFIX ready.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const [keystow] = process.argv.slice(2)
const users = join(process.env.WINEPREFIX, 'drive_c', 'users')
const home = join(users, readdirSync(users).find((name) => name !== 'Public'))
const roaming = join(home, 'AppData', 'Roaming')

const files = {
  cursor: {
    path: join(home, '.cursor', 'mcp.json'),
    text: '{\r\n   "mcpServers": {\r\n      "other": { "command": "C:\\\\tools\\\\other.exe", "args": [] }\r\n   }\r\n}',
  },
  vscode: {
    path: join(roaming, 'Code', 'User', 'mcp.json'),
    text: '// kept by hand\r\n{\r\n\t"servers": {\r\n\t\t/* off for now\r\n\t\t"old": {} */\r\n\t\t"docs": { "type": "http", "url": "https://example.com/mcp" }, // docs\r\n\t},\r\n\t"inputs": [ ]\r\n}\r\n',
  },
  'claude-desktop': {
    path: join(roaming, 'Claude', 'claude_desktop_config.json'),
    text: '{\n    "globalShortcut": "Ctrl+Space",\n    "limit": 1.50e3\n}\n',
  },
}
const clients = Object.keys(files)

/** Runs keystow.exe; what it prints is part of every failure. */
function run(...args) {
  const ran = spawnSync('wine', [keystow, ...args], { encoding: 'utf8', timeout: 60_000 })
  assert.equal(ran.status, 0, `keystow ${args.join(' ')} ended with ${ran.status ?? ran.error}\n${ran.stdout}\n${ran.stderr}`)
  return ran.stdout
}

function step(text) {
  console.log(`  ${text}`)
}

/** The command and arguments in an entry of ours, read as JSON without its comments. */
function written(client) {
  const text = readFileSync(files[client].path, 'utf8')
  const command = /"command":\s*("[^"]*keystow\.exe")/.exec(text)
  const args = /"args":\s*(\[\s*"bridge"[^\]]*\])/.exec(text)
  assert.ok(command && args, `${client}: no entry of ours in\n${text}`)
  return { command: JSON.parse(command[1]), args: JSON.parse(args[1]) }
}

/** Speaks MCP with the written command, as a client would. Returns the tool names. */
async function callTools({ command, args }) {
  const child = spawn('wine', [command, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  let talk = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (talk += text))
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const waiting = new Map()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line)
    waiting.get(message.id)?.(message)
  })
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  let last = 0
  const ask = async (method, params) => {
    const id = ++last
    const answered = new Promise((resolve) => waiting.set(id, resolve))
    send({ id, method, params })
    const answer = await Promise.race([
      answered,
      ended.then((code) => assert.fail(`the bridge ended with ${code} before it answered ${method}\n${talk}`)),
    ])
    assert.ok(answer.result, `${method}: ${JSON.stringify(answer.error)}`)
    return answer.result
  }

  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000)
  await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test-windows', version: '1' } })
  send({ method: 'notifications/initialized' })
  const { tools } = await ask('tools/list', {})
  const called = await ask('tools/call', { name: 'whoami', arguments: {} })
  assert.ok(!called.isError, JSON.stringify(called))
  child.stdin.end()
  assert.equal(await ended, 0, `the bridge must end by itself when its input does\n${talk}`)
  clearTimeout(limit)
  return tools.map((tool) => tool.name)
}

/** Every file under a directory; links, which wine makes to places outside, are not followed. */
function* under(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) yield* under(path)
    else if (entry.isFile()) yield path
  }
}

console.log('Windows under wine:')
for (const { path, text } of Object.values(files)) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

run('sign-in', '--provider', 'local')
const registry = () => readFileSync(join(process.env.WINEPREFIX, 'user.reg'), 'utf8')
step('signed in to the local workspace')

run('connect', ...clients, '--yes')
for (const client of clients) {
  assert.notEqual(readFileSync(files[client].path, 'utf8'), files[client].text, `${client}: nothing was written`)
}
step(`connected ${clients.join(', ')}`)

for (const client of clients) {
  const tools = await callTools(written(client))
  assert.ok(tools.includes('whoami'), `${client}: ${tools}`)
  step(`${client}: ${tools.length} tools through ${written(client).command}`)
}
JSON.parse(run('status', '--json'))

for (const path of under(home)) {
  const found = /ksl_[A-Za-z0-9]{40}/.exec(readFileSync(path, 'latin1'))
  assert.ok(!found, `${path} holds a key in plain text`)
}
step('no file holds a key')

run('disconnect', ...clients, '--yes')
for (const client of clients) {
  const hash = (data) => createHash('sha256').update(data).digest('hex')
  const now = readFileSync(files[client].path)
  assert.equal(hash(now), hash(files[client].text), `${client}: not as it was\n${JSON.stringify(now.toString())}`)
}
step('disconnected; all three files are byte for byte as they were, CRLF too')

// wine writes its registry when its server ends; the Credential Manager lives in it.
spawnSync('wineserver', ['-k'])
spawnSync('wineserver', ['-w'])
assert.match(registry(), /Credential Manager\\\\[^\]]*keystow/i, 'nothing of ours is in the Credential Manager')
step('secrets are in the Credential Manager')

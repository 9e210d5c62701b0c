// The AI clients of `make test-clients`: where each keeps its settings, and how it is asked what it reaches.
//
// None is signed in to anything, and the world they run in has no network.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'

/** Long enough for a busy machine; a client that waits for a person never answers. */
const TIMEOUT_MS = 60_000

const home = process.env.HOME
/** Where the clients are started. */
export const project = join(home, 'project')
const env = {
  PATH: `${join(home, 'bin')}:${process.env.PATH}`,
  LANG: 'C.UTF-8',
  HOME: home,
  XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR,
  DBUS_SESSION_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS,
  NO_COLOR: '1',
  DO_NOT_TRACK: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_AUTOUPDATER: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  OPENCODE_DISABLE_AUTOUPDATE: '1',
}

/** Runs a program in the project; its words without colours. */
export function run(program, ...args) {
  const ran = spawnSync(program, args, {
    cwd: project,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  })
  const said = stripVTControlCharacters(`${ran.stdout}${ran.stderr}`)
  return { code: ran.status ?? 124, said, stdout: ran.stdout }
}

function place(file, text) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** What lists of servers say: those lines that speak of one, and whether it was reached. */
const listed = (said, name, reached) => {
  const line = said.split('\n').find((text) => new RegExp(`(^|\\s)${name}[: ]`).test(text))
  return { listed: line !== undefined, reached: line !== undefined && reached.test(line), said }
}

/**
 * Talks to `codex app-server` as the extension of an editor does, in a conversation without a model: whether it reaches a server,
 * its tools, and what `echo` says, where it has that.
 */
async function askCodex(program, name) {
  const child = spawn(program, ['app-server'], { cwd: project, env, stdio: ['pipe', 'pipe', 'pipe'] })
  const late = setTimeout(() => child.kill(), TIMEOUT_MS)
  const ended = new Promise((resolve) => child.on('close', resolve))
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  const waiting = new Map()
  createInterface({ input: child.stdout }).on('line', (line) => {
    said += `${line}\n`
    const message = JSON.parse(line)
    waiting.get(message.id)?.(message.result)
  })
  const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`)
  // A request that fails, or is never answered, has no result.
  const ask = (id, method, params) =>
    Promise.race([
      ended.then(() => undefined),
      new Promise((resolve) => {
        waiting.set(id, resolve)
        send({ id, method, params })
      }),
    ])

  await ask(0, 'initialize', { clientInfo: { name: 'keystow-test', title: 'Keystow test', version: '1' } })
  send({ method: 'initialized' })
  const threadId = (await ask(1, 'thread/start', { cwd: project }))?.thread.id
  const found = (await ask(2, 'mcpServerStatus/list', { threadId }))?.data.find((server) => server.name === name)
  const tools = Object.keys(found?.tools ?? {})
  const call = { threadId, server: name, tool: 'echo', arguments: { text: 'through Keystow' } }
  const echo = tools.includes('echo') ? (await ask(3, 'mcpServer/tool/call', call))?.content?.[0]?.text : undefined
  child.kill()
  await ended
  clearTimeout(late)
  return { listed: found !== undefined, reached: found?.serverInfo != null, tools, echo, said }
}

export function clients(installed, neighbour) {
  const platform = `${process.platform}-${process.arch}`
  const modules = join(installed, 'node_modules')
  const require = createRequire(join(modules, 'x.js'))
  const jsonc = require('jsonc-parser')
  const toml = require('@iarna/toml')
  const triple = { x64: 'x86_64', arm64: 'aarch64' }[process.arch]
  const programs = {
    claude: join(modules, `@anthropic-ai/claude-code-${platform}/claude`),
    codex: join(modules, `@openai/codex-${platform}/vendor/${triple}-unknown-linux-musl/bin/codex`),
    opencode: join(modules, `opencode-${platform}/bin/opencode`),
  }
  for (const program of Object.values(programs)) if (!existsSync(program)) throw new Error(`${program} is not there`)

  return [
    {
      id: 'claude-code',
      program: ['claude', programs.claude],
      modes: ['bridge', 'helper', 'exec'],
      file: join(home, '.claude.json'),
      original: `{
    "numStartups": 12,
    "hasCompletedOnboarding" : true,
    "mcpServers": { "neighbour": { "command": "node", "args": ["${neighbour}"] } },
    "theme": "caf\\u00e9"
}`,
      servers: (text) => JSON.parse(text).mcpServers,
      rest: (text) => ({ theme: JSON.parse(text).theme }),
      status: async (name) => listed(run(programs.claude, 'mcp', 'list').said, name, /Connected/),
      // What a person answers when asked whether the project is to be trusted.
      places: ['local', 'project'],
      trust: () => {
        place(join(home, '.claude.json'), JSON.stringify({ projects: { [project]: { hasTrustDialogAccepted: true } } }))
        place(join(project, '.claude/settings.local.json'), '{ "enableAllProjectMcpServers": true }')
      },
      add: (name) => run(programs.claude, 'mcp', 'add', '-s', 'user', name, '--', 'node', neighbour),
    },
    {
      id: 'codex',
      program: ['codex', programs.codex],
      modes: ['bridge', 'helper', 'exec'],
      tells: 'tools',
      file: join(home, '.codex/config.toml'),
      original: `# Codex, kept by hand
model = "gpt-5"   # not the small one

[mcp_servers.neighbour]
command = 'node'
args = ["${neighbour}"]   # no comma

[history]
persistence = "none"
`,
      servers: (text) => toml.parse(text).mcp_servers,
      rest: (text) => ({ ...toml.parse(text), mcp_servers: undefined }),
      status: (name) => askCodex(programs.codex, name),
      places: ['project'],
      trust: () => place(join(home, '.codex/config.toml'), `[projects."${project}"]\ntrust_level = "trusted"\n`),
      add: (name) => run(programs.codex, 'mcp', 'add', name, '--', 'node', neighbour),
    },
    {
      id: 'opencode',
      program: ['opencode', programs.opencode],
      modes: ['bridge', 'exec'],
      file: join(home, '.config/opencode/opencode.jsonc'),
      original: `{
	// opencode, kept by hand
	"$schema": "https://opencode.ai/config.json",
	"mcp": {
		"neighbour": { "type": "local", "command": ["node", "${neighbour}",], }, // trailing commas
	},
	"autoupdate": false,
}
`,
      servers: (text) => jsonc.parse(text).mcp,
      rest: (text) => ({ ...jsonc.parse(text), mcp: undefined }),
      status: async (name) => listed(run(programs.opencode, 'mcp', 'list').said, name, /✓.*connected/),
      places: ['project'],
      trust: () => {
        place(join(home, '.config/opencode/opencode.jsonc'), '{}\n')
        // It puts this line itself into files that lack it.
        place(join(project, 'opencode.json'), '{ "$schema": "https://opencode.ai/config.json" }\n')
      },
      // Nobody listens there; it is the writing that counts.
      add: (name) => run(programs.opencode, 'mcp', 'add', name, '--url', 'http://127.0.0.1:9/mcp'),
    },
  ]
}

// The AI clients of `make test-clients`: where each keeps its settings, and how it is asked what it reaches.
//
// None is signed in to anything, and the world they run in has no network.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Long enough for a busy machine; a client that waits for a person never answers. */
const TIMEOUT_MS = 60_000

const home = process.env.HOME
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
    cwd: join(home, 'project'),
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  })
  const said = `${ran.stdout}${ran.stderr}`.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
  return { code: ran.status ?? 124, said, stdout: ran.stdout }
}

/** What lists of servers say: those lines that speak of one, and whether it was reached. */
const listed = (said, name, reached) => {
  const line = said.split('\n').find((text) => new RegExp(`(^|\\s)${name}[: ]`).test(text))
  return { listed: line !== undefined, reached: line !== undefined && reached.test(line), said }
}

/** Talks to `codex app-server` as the extension of an editor does: which servers it reaches, and their tools. */
function codexStatus(program) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['app-server'], { cwd: join(home, 'project'), env, stdio: ['pipe', 'pipe', 'pipe'] })
    let said = ''
    child.stderr.on('data', (data) => {
      said += data
    })
    const late = setTimeout(() => child.kill(), TIMEOUT_MS)
    const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`)
    let servers
    createInterface({ input: child.stdout }).on('line', (line) => {
      said += `${line}\n`
      const message = JSON.parse(line)
      if (message.id === 0) {
        send({ method: 'initialized' })
        send({ id: 1, method: 'mcpServerStatus/list', params: {} })
      } else if (message.id === 1) {
        servers = message.result?.data
        child.stdin.end()
        child.kill()
      }
    })
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(late)
      resolve({ servers, said })
    })
    send({ id: 0, method: 'initialize', params: { clientInfo: { name: 'keystow-test', title: 'Keystow test', version: '1' } } })
  })
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
      status: async (name) => {
        const { servers, said } = await codexStatus(programs.codex)
        const found = servers?.find((server) => server.name === name)
        return { listed: found !== undefined, reached: found?.serverInfo != null, tools: Object.keys(found?.tools ?? {}), said }
      },
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
      // Nobody listens there; it is the writing that counts.
      add: (name) => run(programs.opencode, 'mcp', 'add', name, '--url', 'http://127.0.0.1:9/mcp'),
    },
  ]
}

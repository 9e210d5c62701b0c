// How each configurator is asked to add the same stdio server, and where it keeps the settings of each client.
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Long enough for 10 MB, short enough that a prompt is noticed. */
const TIMEOUT_MS = 60_000

/** What the entry says, for those that do not make it themselves. */
const command = '/opt/example/bin/example'
const args = ['bridge', 'c1']

const paths = {
  cursor: '.cursor/mcp.json',
  'claude-desktop': '.config/Claude/claude_desktop_config.json',
  'claude-code': '.claude.json',
  'gemini-cli': '.gemini/settings.json',
  opencode: '.config/opencode/opencode.jsonc',
  codex: '.codex/config.toml',
  goose: '.config/goose/config.yaml',
}

function run(home, env, program, ...words) {
  const ran = spawnSync(program, words, {
    cwd: home,
    env: {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: home,
      DO_NOT_TRACK: '1',
      DISABLE_TELEMETRY: '1',
      CI: '1',
      NO_COLOR: '1',
      ...env,
    },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    maxBuffer: 1 << 26,
  })
  return { code: ran.status ?? 124, said: `${ran.stdout}${ran.stderr}` }
}

function must(ran) {
  if (ran.code !== 0) throw new Error(ran.said)
  return ran.said
}

const version = (installed, name) => JSON.parse(readFileSync(join(installed, 'node_modules', name, 'package.json'), 'utf8')).version

/** Signs in once and keeps store and keychain for all cases; only the home differs. */
function keystow(program) {
  const home = process.env.HOME
  const env = {
    KEYSTOW_DATA_DIR: join(home, 'data'),
    KEYSTOW_CONFIG_DIR: join(home, 'config'),
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR,
    DBUS_SESSION_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS,
  }
  const call = (at, ...words) => run(at, env, program, ...words)
  must(call(home, 'sign-in', '--provider', 'local'))
  const own = { 'gemini-cli': 'gemini' }
  const known = new Set(JSON.parse(must(call(home, 'clients', '--json'))).map((client) => client.id))
  let cases = 0
  let key = ''
  return {
    name: 'keystow',
    version: must(call(home, '--version')).trim().split(' ').at(-1),
    clients: new Set(Object.keys(paths).filter((id) => known.has(own[id] ?? id))),
    path: (client) => paths[client],
    add: (at, id) => {
      // Each key may call the workspace a number of times a minute, and each case proves its entry by a call.
      if (cases++ % 8 === 0) {
        key = `torture ${cases}`
        must(call(home, 'keys', 'create', key))
      }
      return call(at, 'connect', own[id] ?? id, '--key', key, '--yes')
    },
    remove: (at, id) => call(at, 'disconnect', own[id] ?? id, '--yes'),
  }
}

function addMcp(installed) {
  return {
    name: 'add-mcp',
    version: version(installed, 'add-mcp'),
    clients: new Set(Object.keys(paths)),
    path: (client) => paths[client],
    add: (home, client, name) =>
      run(
        home,
        {},
        join(installed, 'node_modules/.bin/add-mcp'),
        command,
        ...args.flatMap((arg) => ['--args', arg]),
        '-g',
        '-a',
        client,
        '-n',
        name,
        '-y',
      ),
  }
}

function installMcp(installed) {
  return {
    name: 'install-mcp',
    version: version(installed, 'install-mcp'),
    clients: new Set(Object.keys(paths)),
    path: (client) => paths[client],
    add: (home, client, name) =>
      run(
        home,
        {},
        join(installed, 'node_modules/.bin/install-mcp'),
        [command, ...args].join(' '),
        '--client',
        client === 'claude-desktop' ? 'claude' : client,
        '--name',
        name,
        '--yes',
        '--oauth',
        'no',
      ),
  }
}

/** It writes entries that run itself, from a registry of its own that is filled once. */
function mcpm(installed, name) {
  const env = { MCPM_NON_INTERACTIVE: 'true', PYTHONWARNINGS: 'ignore' }
  const program = join(installed, 'mcpm/bin/mcpm')
  const registry = join(process.env.HOME, '.config/mcpm')
  must(
    run(process.env.HOME, env, program, 'new', name, '--type', 'stdio', '--command', command, '--args', args.join(' '), '--force'),
  )
  return {
    name: 'mcpm',
    version: must(
      run(
        process.env.HOME,
        env,
        join(installed, 'mcpm/bin/python'),
        '-c',
        'from importlib.metadata import version; print(version("mcpm"))',
      ),
    ).trim(),
    clients: new Set(Object.keys(paths)),
    path: (client) => (client === 'opencode' ? '.config/opencode/opencode.json' : paths[client]),
    add: (home, client) => {
      cpSync(registry, join(home, '.config/mcpm'), { recursive: true })
      return run(
        home,
        env,
        program,
        'client',
        'edit',
        { goose: 'goose-cli', codex: 'codex-cli' }[client] ?? client,
        '--add-server',
        name,
        '--force',
      )
    },
  }
}

export function tools(program, installed, name) {
  return [keystow(program), addMcp(installed), installMcp(installed), mcpm(installed, name)]
}

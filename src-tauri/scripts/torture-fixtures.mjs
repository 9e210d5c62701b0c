// The documents of the torture table: one settings file each, as people and clients really leave them behind.
//
// `marks` are pieces of the document that must stand in it afterwards, byte for byte, each under the word the table uses when one
// is gone, such as `servers`, `comments` and `values`; of `spelling` only the bytes differ then, the meaning does not. `want` is
// what Keystow must do: `kept` (our entry is added, every other byte stays; the default) or `refused` (with an exit code, and the
// file as it was).
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const BOM = '\ufeff'
const crlf = (text) => text.replaceAll('\n', '\r\n')

/** Two servers of other people, in the style that most clients write. */
const plain = `{
  "mcpServers": {
    "alpha": {
      "command": "npx",
      "args": ["-y", "@example/alpha"]
    },
    "beta": {
      "command": "/opt/beta/bin/beta",
      "args": [],
      "env": {
        "BETA_HOME": "/srv/beta"
      }
    }
  }
}
`
const servers = ['@example/alpha', '/opt/beta/bin/beta']

/** A file such as Claude Code's, with many projects, and `bytes` in all or a little more. */
export function large(bytes) {
  const projects = {}
  const project = (n) => ({
    allowedTools: Array.from({ length: 60 }, (_, i) => `Bash(npm run check:${n}-${i} -- --filter "packages/app-${i}" *)`),
    mcpContextUris: [],
    mcpServers: {},
    hasTrustDialogAccepted: true,
    lastCost: n / 7,
    lastSessionId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  })
  const size = JSON.stringify({ '/home/someone/src/project-1000': project(1000) }, null, 2).length
  for (let n = 0; n * size < bytes; n++) projects[`/home/someone/src/project-${n}`] = project(n)
  const { mcpServers } = JSON.parse(plain)
  return `${JSON.stringify({ numStartups: 184, mcpServers, projects }, null, 2)}\n`
}

const nested = (depth) => `${'{"in": '.repeat(depth)}[1.0]${'}'.repeat(depth)}`

const codex = `# Codex, kept by hand
model = "gpt-5"   # not the small one
project_doc_max_bytes = 0x8000
temperature = 1e0

[history]
persistence = 'none'

# The team's own servers
[mcp_servers.alpha]
command = "npx"             # pinned in package.json
args = [
    "-y",
    "@example/alpha",       # a comma at the end is fine
]

[mcp_servers.beta]
command = '/opt/beta/bin/beta'
env = { BETA_HOME = "/srv/beta", BETA_LEVEL = "2" }

[projects."/home/someone/src"]
trust_level = "trusted"
since = 2026-03-01T09:30:00Z
`
const codexMarks = {
  servers,
  comments: [
    '# Codex, kept by hand',
    '# not the small one',
    "# The team's own servers",
    '# pinned in package.json',
    '# a comma at the end is fine',
  ],
  values: ['2026-03-01T09:30:00', 'trusted'],
  spelling: ['0x8000', '1e0', "'none'", '09:30:00Z'],
}

const goose = `# goose, kept by hand
GOOSE_PROVIDER: anthropic    # not the default
GOOSE_MODE: "auto"
limits: &limits {turns: 012, budget: 1.50}
extensions:
  developer:
    enabled: true
    type: builtin
    name: developer
    timeout: 300   # seconds

  # The team's own server
  alpha:
    enabled: yes
    type: stdio
    name: 'alpha'
    cmd: npx
    args: [-y, "@example/alpha"]
    description: >-
      Long text
      over two lines.
more: {<<: *limits, note: "café"}
`
const gooseMarks = {
  servers: ['name: developer', '@example/alpha'],
  comments: ['# goose, kept by hand', '# not the default', '# seconds', "# The team's own server"],
  values: ['café', 'over two lines.'],
  spelling: ['012', '1.50', 'enabled: yes', "'alpha'", '&limits', '*limits', '>-', '"auto"'],
}

const gemini = `// Gemini CLI, kept by hand
{
  "theme": "Default",   // dark hurts
  /* The team's own servers
     see the wiki */
  "mcpServers": {
    "alpha": { "command": "npx", "args": ["-y", "@example/alpha"] }, // pinned
    "beta": { "command": "/opt/beta/bin/beta" } // last one
    // "gamma": { "command": "gone" }
  },
  "maxSessionTurns": 1e3
}
// the end
`
const geminiMarks = {
  servers,
  comments: ['// Gemini CLI', '// dark hurts', "/* The team's own", '// pinned', '// last one', '// "gamma"', '// the end'],
  values: ['maxSessionTurns'],
  spelling: ['1e3'],
}

const opencode = `{
	"$schema": "https://opencode.ai/config.json",
	"mcp": {
		// ours, do not touch
		"alpha": {
			"type": "local",
			"command": ["npx", "-y", "@example/alpha",],
			"enabled": true,
		},
	},
	"keybinds": { "leader": "ctrl+x", },
}
`

/** Puts the document at the end of three links, one of them to a directory, as dotfiles managers do. */
function linked(file, bytes, home) {
  mkdirSync(join(home, 'dotfiles/v2'), { recursive: true })
  symlinkSync('v2', join(home, 'dotfiles/current'))
  symlinkSync('base.json', join(home, 'dotfiles/v2/link.json'))
  writeFileSync(join(home, 'dotfiles/v2/base.json'), bytes)
  symlinkSync('../dotfiles/current/link.json', file)
}

/** The same, into a directory where nothing can be written, as in a Nix store. */
function linkedIntoStore(file, bytes, home) {
  linked(file, bytes, home)
  chmodSync(join(home, 'dotfiles/v2/base.json'), 0o444)
  chmodSync(join(home, 'dotfiles/v2'), 0o555)
}

const withMode = (mode) => (file, bytes) => {
  writeFileSync(file, bytes)
  chmodSync(file, mode)
}

const at = (text, place, piece) => {
  const index = text.indexOf(place)
  if (index < 0) throw new Error(`no ${place}`)
  return text.slice(0, index) + piece + text.slice(index)
}

/** `name` is what the entry will be called. */
export const fixtures = (name) => [
  // Layout
  { title: 'two spaces, as most clients write', client: 'cursor', text: plain },
  { title: 'four spaces', client: 'cursor', text: plain.replaceAll('  ', '    ') },
  { title: 'tabs', client: 'cursor', text: plain.replaceAll('  ', '\t'), marks: { servers } },
  { title: 'CRLF', client: 'cursor', text: crlf(plain), marks: { servers } },
  { title: 'mixed line ends', client: 'cursor', text: plain.replace('{\n', '{\r\n').replace('],\n', '],\r\n'), marks: { servers } },
  { title: 'no line end at the end', client: 'cursor', text: plain.trimEnd(), marks: { servers } },
  { title: 'all on one line', client: 'cursor', text: JSON.stringify(JSON.parse(plain)), marks: { servers } },
  {
    title: 'aligned by hand',
    client: 'cursor',
    text: plain.replace('"command": "npx"', '"command"  :  "npx"'),
    marks: { servers },
  },
  { title: 'byte order mark', client: 'cursor', text: BOM + plain, marks: { servers } },
  { title: 'empty file', client: 'cursor', text: '' },
  { title: 'no servers yet', client: 'cursor', text: '{\n  "other": 1.0\n}\n', marks: { values: ['"other"'], spelling: ['1.0'] } },

  // Values
  {
    title: 'number lexemes',
    client: 'cursor',
    text: at(plain, '"mcpServers"', '"numbers": [1.0, 1e3, -0, 0.10, 12345678901234567890, 1E+2],\n  '),
    marks: { servers, values: ['-0', '12345678901234567890'], spelling: ['1.0', '1e3', '0.10', '1E+2'] },
  },
  {
    title: 'key order, keys that are numbers, `__proto__`',
    client: 'cursor',
    text: at(plain, '"mcpServers"', '"zeta": { "10": "a", "9": "b", "__proto__": { "kept": true }, "a": 0 },\n  '),
    marks: { servers, values: ['"10"', '"9"', '"__proto__"', '"kept"'], spelling: ['"zeta": { "10": "a", "9": "b"'] },
  },
  {
    title: 'a key twice, elsewhere',
    client: 'cursor',
    text: at(plain, '"mcpServers"', '"other": { "path": "/first", "path": "/second" },\n  '),
    marks: { servers, values: ['/first', '/second'] },
  },
  {
    title: 'non-ASCII and escapes',
    client: 'cursor',
    text: at(plain, '"mcpServers"', '"text": "café \\u00e9 \\/ 🔑 \\ud83d\\udd11 \u2028",\n  '),
    marks: { servers, spelling: ['café', '\\u00e9', '\\/', '🔑', '\\ud83d\\udd11', '\u2028'] },
  },
  {
    title: '100 levels deep',
    client: 'cursor',
    text: at(plain, '"mcpServers"', `"deep": ${nested(100)},\n  `),
    marks: { servers, values: ['"deep"'], spelling: ['[1.0]'] },
  },
  {
    title: 'one line of 4 MB',
    client: 'cursor',
    text: at(plain, '"mcpServers"', `"blob": "${'0123456789abcdef'.repeat(262_144)}",\n  `),
    marks: { servers },
  },
  { title: '10 MB', client: 'claude-code', text: large(10 * 1024 * 1024), marks: { servers } },

  // Comments
  { title: 'comments (Gemini CLI)', client: 'gemini-cli', text: gemini, marks: geminiMarks },
  { title: 'comments, CRLF, no line end at the end', client: 'gemini-cli', text: crlf(gemini.trimEnd()), marks: geminiMarks },
  {
    title: 'nothing but a comment between the braces',
    client: 'gemini-cli',
    text: '{\n  "mcpServers": {\n    // none yet\n  }\n}\n',
    marks: { comments: ['// none yet'] },
  },
  {
    title: 'comments and trailing commas (opencode)',
    client: 'opencode',
    text: opencode,
    marks: { servers: ['@example/alpha'], comments: ['// ours, do not touch'], values: ['ctrl+x'] },
  },

  // TOML and YAML
  { title: 'TOML with comments (Codex)', client: 'codex', text: codex, marks: codexMarks },
  {
    title: 'TOML, CRLF, no servers yet',
    client: 'codex',
    text: crlf('# mine\nmodel = "gpt-5"\n'),
    marks: { comments: ['# mine'] },
  },
  {
    title: 'TOML, servers in one inline table',
    client: 'codex',
    text: 'mcp_servers = { alpha = { command = "npx" } } # one line\n',
    marks: { servers: ['alpha'], comments: ['# one line'] },
  },
  {
    title: 'TOML, dotted keys, no line end at the end',
    client: 'codex',
    text: 'mcp_servers.alpha.command = "npx" # ours\nmcp_servers.alpha.args = ["@example/alpha"]\nmodel = "x"',
    marks: { servers: ['@example/alpha'], comments: ['# ours'], spelling: ['mcp_servers.alpha.args'] },
  },
  {
    title: 'TOML, byte order mark, servers last, indented',
    client: 'codex',
    text: `${BOM}model = "x"\n\n[mcp_servers]\n\t# ours\n\t[mcp_servers.alpha]\n\tcommand = "@example/alpha"\n\n\t# the end\n`,
    marks: { servers: ['@example/alpha'], comments: ['# ours', '# the end'] },
  },
  { title: 'YAML with comments (goose)', client: 'goose', text: goose, marks: gooseMarks },
  {
    title: 'YAML, four spaces, CRLF',
    client: 'goose',
    text: crlf('extensions:\n    alpha:  # ours\n        cmd: "@example/alpha"\n        enabled: true\n\n# the end\nx: 1\n'),
    marks: { servers: ['@example/alpha'], comments: ['# ours', '# the end'] },
  },
  {
    title: 'YAML, servers in braces',
    client: 'goose',
    text: 'extensions: {alpha: {cmd: "@example/alpha", enabled: on}} # ours\n',
    marks: { servers: ['@example/alpha'], comments: ['# ours'], spelling: ['enabled: on'] },
  },
  {
    title: 'YAML, nothing under the key',
    client: 'goose',
    text: 'extensions:   # none yet\nGOOSE_MODE: auto\n',
    marks: { comments: ['# none yet'], values: ['auto'] },
  },
  {
    title: 'YAML, no servers yet',
    client: 'goose',
    text: '---\n# mine\nGOOSE_MODE: "auto"\n',
    marks: { comments: ['# mine'], values: ['auto'], spelling: ['---', '"auto"'] },
  },

  // The file itself
  { title: 'mode 0600', client: 'cursor', text: plain, marks: { servers }, place: withMode(0o600) },
  { title: 'mode 0640', client: 'cursor', text: plain, marks: { servers }, place: withMode(0o640) },
  { title: 'symbolic links, three hops', client: 'cursor', text: plain, marks: { servers }, place: linked },

  // What nobody should write to
  { title: 'marked read-only', client: 'cursor', text: plain, marks: { servers }, place: withMode(0o444), want: 'refused' },
  {
    title: 'links into a read-only store',
    client: 'cursor',
    text: plain,
    marks: { servers },
    place: linkedIntoStore,
    want: 'refused',
  },
  {
    title: 'an entry of that name is there',
    client: 'cursor',
    text: at(plain, '"alpha"', `"${name}": { "command": "theirs" },\n    `),
    marks: { servers: [...servers, 'theirs'] },
    want: 'refused',
  },
  {
    title: 'comment in strict JSON (Claude Desktop)',
    client: 'claude-desktop',
    text: at(plain, '"alpha"', '// mine\n    '),
    marks: { servers, comments: ['// mine'] },
    want: 'refused',
  },
  { title: 'cut off at the end', client: 'cursor', text: plain.slice(0, -20), marks: { servers }, want: 'refused' },
  {
    title: 'an error in the middle',
    client: 'cursor',
    text: plain.replace('"args": []', '"args" ["--serve"]'),
    marks: { servers, values: ['--serve'] },
    want: 'refused',
  },
  {
    title: 'trailing comma in strict JSON (Claude Desktop)',
    client: 'claude-desktop',
    text: plain.replace('"@example/alpha"]', '"@example/alpha",]'),
    marks: { servers },
    want: 'refused',
  },
  {
    title: 'an error in TOML',
    client: 'codex',
    text: codex.replace('persistence =', 'persistence'),
    marks: codexMarks,
    want: 'refused',
  },
  {
    title: 'TOML, the same table twice',
    client: 'codex',
    text: `${codex}\n[mcp_servers.alpha]\ncommand = "second"\n`,
    marks: { ...codexMarks, servers: [...servers, 'second'], spelling: [] },
    want: 'refused',
  },
  {
    title: 'YAML, two documents',
    client: 'goose',
    text: 'extensions:\n  alpha: {cmd: "@example/alpha"}\n---\nextensions:\n  beta: {cmd: "/opt/beta/bin/beta"}\n',
    marks: { servers },
    want: 'refused',
  },
  {
    title: 'YAML, servers by an alias',
    client: 'goose',
    text: 'mine: &mine\n  alpha: {cmd: "@example/alpha"}\nextensions: *mine\n',
    marks: { servers: ['@example/alpha'], values: ['*mine'] },
    want: 'refused',
  },
  {
    title: 'an error in YAML',
    client: 'goose',
    text: goose.replace("name: 'alpha'", "name: 'alpha"),
    marks: { ...gooseMarks, spelling: [] },
    want: 'refused',
  },
  {
    title: 'a list where servers stand',
    client: 'cursor',
    text: '{ "mcpServers": ["alpha", "beta"] }\n',
    marks: { servers: ['alpha', 'beta'] },
    want: 'refused',
  },
  {
    title: 'a list as the document',
    client: 'cursor',
    text: '["alpha", "beta"]\n',
    marks: { values: ['alpha', 'beta'] },
    want: 'refused',
  },
  {
    title: '`mcpServers` twice',
    client: 'cursor',
    text: at(plain, '"mcpServers"', '"mcpServers": { "first": { "command": "a" } },\n  '),
    marks: { servers: [...servers, 'first'] },
    want: 'refused',
  },
  {
    title: 'UTF-16',
    client: 'cursor',
    bytes: Buffer.from(BOM + plain, 'utf16le'),
    marks: {
      servers: servers.map((server) => Buffer.from(server, 'utf16le')),
      'its encoding': [Buffer.from(`${BOM}{`, 'utf16le')],
    },
    want: 'refused',
  },
  {
    title: 'not UTF-8',
    client: 'cursor',
    bytes: Buffer.from(plain.replace('"alpha"', '"alph\xe9"'), 'latin1'),
    marks: { servers: [Buffer.from('"alph\xe9"', 'latin1'), '/opt/beta/bin/beta'] },
    want: 'refused',
  },
  { title: 'a NUL byte at the end', client: 'cursor', text: `${plain}\0`, marks: { servers }, want: 'refused' },
]

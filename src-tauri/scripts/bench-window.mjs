// The window beside an empty Tauri window: how soon something real is on the screen, memory, idle processor time; and its pages and its
// search among very many keys. Called by bench-window.sh in a world of its own.
//
//   bench-window.mjs KEYSTOW DESKTOP EMPTY SEED DIST RESULTS MINUTES GZIP_KB
//
// What is on the screen is read from the virtual screen's own memory, not from events of the page. The windows take turns within each
// round. The third of them is the empty one with a still of our first page: its elements, styles and letters in one file, and no script.
// It has nothing to start, to ask for or to run, and says what drawing that page takes by itself.
// Pages and search are driven through WebDriver, which needs another renderer (WEBKIT_SKIA_ENABLE_CPU_RENDERING) for nothing but
// pictures, so none are taken and the renderer is the one people get.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'

const [keystow, desktop, empty, seed, dist, results, minutes, gzipKb] = process.argv.slice(2)
const MINUTES = Number(minutes)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
const KEYS = 1000
const MANY = 100_000
const home = process.env.HOME
const data = join(home, '.local/share/keystow')
const before = loadavg()[0]

function run(program, ...args) {
  const ran = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  assert.equal(ran.status, 0, `${program} ${args.join(' ')}\n${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]
const at = (share, values) => [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]

// --- a screen whose memory can be read; white where no window is ---

const frames = join(home, 'frames')
mkdirSync(frames)
const xvfb = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-noreset', '-wr', '-fbdir', frames], {
  stdio: ['ignore', 'pipe', 'ignore'],
})
process.on('exit', () => xvfb.kill('SIGKILL'))
const display = await new Promise((resolve) => createInterface({ input: xvfb.stdout }).once('line', resolve))
const environment = { ...process.env, DISPLAY: `:${display}`, NO_AT_BRIDGE: '1', GTK_A11Y: 'none' }
const screen = openSync(join(frames, 'Xvfb_screen0'), 'r')
const header = Buffer.alloc(100)
readSync(screen, header, 0, 100, 0)
const [headerSize, bytesPerLine, colours] = [0, 48, 76].map((offset) => header.readUInt32BE(offset))
const pixels = headerSize + colours * 12
const line = Buffer.alloc(bytesPerLine)

/** Whether a button in the accent's colour is there, and letters where the list of keys is. */
function isReal() {
  let accent = 0
  for (let y = 30; y < 60; y += 6) {
    readSync(screen, line, 0, bytesPerLine, pixels + y * bytesPerLine)
    for (let x = 800; x < 1200; x += 1) {
      const [b, g, r] = [line[x * 4], line[x * 4 + 1], line[x * 4 + 2]]
      if (Math.abs(r - 0x0d) < 12 && Math.abs(g - 0x6d) < 12 && Math.abs(b - 0x66) < 12) accent += 1
    }
  }
  if (accent < 100) return false
  let dark = 0
  for (let y = 300; y < 460; y += 2) {
    readSync(screen, line, 0, bytesPerLine, pixels + y * bytesPerLine)
    for (let x = 230; x < 560; x += 1) if (line[x * 4] + line[x * 4 + 1] + line[x * 4 + 2] < 330) dark += 1
  }
  return dark > 150
}

// --- processes ---

const stat = (pid) => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** A process and all below it. */
function tree(root) {
  const below = new Map()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = Number(stat(pid)[1])
      below.set(parent, [...(below.get(parent) ?? []), Number(pid)])
    } catch {
      // It ended meanwhile.
    }
  }
  const all = []
  const walk = (pid) => {
    // The local workspace serves clients, too, and goes on without the window: it has a row of its own.
    if (!(pid !== root && nameOf(pid) === 'keystow')) {
      all.push(pid)
      for (const child of below.get(pid) ?? []) walk(child)
    }
  }
  walk(root)
  return all
}

function nameOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/exe`).split('/').at(-1)
  } catch {
    return ''
  }
}

function pssMb(pids) {
  return pids.reduce((sum, pid) => {
    try {
      return sum + Number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)[1]) / 1024
    } catch {
      return sum
    }
  }, 0)
}

const cpuMs = (pids) =>
  pids.reduce((sum, pid) => {
    try {
      const fields = stat(pid)
      return sum + (Number(fields[11]) + Number(fields[12])) * 10
    } catch {
      return sum
    }
  }, 0)

function runs(pid) {
  try {
    return stat(pid)[0] !== 'Z'
  } catch {
    return false
  }
}

async function end(child) {
  const all = tree(child.pid)
  child.kill('SIGTERM')
  await after(50)
  for (const pid of all) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself.
    }
  }
  while (all.some(runs)) await after(5)
  while (isReal()) await after(5)
}

// --- what the window has to show ---

run(keystow, 'sign-in', '--provider', 'local')
run(seed, data, String(KEYS))
for (const { detectedBy } of JSON.parse(run(keystow, 'clients', '--all', '--json'))) {
  const place = detectedBy.split(', ').find((each) => each.startsWith('~/'))
  if (place) mkdirSync(join(home, place.slice(2)), { recursive: true })
}
const found = JSON.parse(run(keystow, 'clients', '--all', '--json')).filter((client) => client.found).length
assert.ok(found >= 25, `${found} clients`)

// --- a driver ---

const driver = spawn('WebKitWebDriver', ['--port=4444', '--host=127.0.0.1'], {
  env: { ...environment, TAURI_WEBVIEW_AUTOMATION: 'true' },
  stdio: 'ignore',
})
process.on('exit', () => driver.kill('SIGKILL'))
let session = ''
async function ask(method, path, body) {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await fetch(`http://127.0.0.1:4444/session${session}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const { value } = await answer.json()
      assert.ok(answer.ok, JSON.stringify(value))
      return value
    } catch (error) {
      if (tries > 100 || error.code === 'ERR_ASSERTION') throw error
      await after(50)
    }
  }
}
async function open() {
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary: desktop, args: [] } } }
  session = `/${(await ask('POST', '', { capabilities })).sessionId}`
  await ask('POST', '/timeouts', { script: 120_000 })
  await ask('POST', '/window/rect', { width: 1200, height: 800 })
}
async function close() {
  await ask('DELETE', '')
  session = ''
}
const script = (text) => ask('POST', '/execute/async', { script: `const done = arguments[arguments.length - 1]; ${text}`, args: [] })
const until = (condition) =>
  script(`const look = () => { if (${condition}) done(true); else setTimeout(look, 20); }; look();`)

// --- a still of the first page ---

await open()
await until(`document.querySelector('[role="row"] button') !== null && document.fonts.status === 'loaded'`)
const elements = await script(`
  const still = document.documentElement.cloneNode(true);
  for (const each of still.querySelectorAll('script, link')) each.remove();
  done(still.outerHTML);
`)
await close()
const sheet = readFileSync(join(dist, 'index.html'), 'utf8').match(/rel="stylesheet"[^>]*href="([^"]+)"/)[1]
const letters = /url\(\.\/((?:inter|jetbrains-mono)-latin-wght-normal-[^)]+)\)/g
const styles = readFileSync(join(dist, sheet), 'utf8').replace(
  letters,
  (_, file) => `url(data:font/woff2;base64,${readFileSync(join(dist, 'assets', file)).toString('base64')})`,
)
const still = join(home, 'still.html')
writeFileSync(still, `<!doctype html>${elements.replace('</head>', () => `<style>${styles}</style></head>`)}`)

// --- cold start, memory, idling ---

const starts = { keystow: [], empty: [], still: [] }
const memory = { keystow: [], empty: [], still: [] }
const idle = {}
// Ours chooses its renderer itself; the others get the same one by hand. What else ours tells WebKit is ours.
const hasGpu = existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'))
const renderer = hasGpu ? {} : { WEBKIT_DISABLE_DMABUF_RENDERER: '1' }
const programs = {
  keystow: [desktop, [], environment],
  empty: [empty, [], { ...environment, ...renderer }],
  still: [empty, [still], { ...environment, ...renderer }],
}
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [name, [program, args, env]] of Object.entries(programs)) {
    const from = performance.now()
    const child = spawn(program, args, { env, stdio: 'ignore' })
    while (!isReal()) {
      assert.ok(performance.now() - from < 60_000, `${name} shows nothing`)
      await after(2)
    }
    const ms = performance.now() - from
    await after(3000)
    // The first round warms up.
    if (round > 0) {
      starts[name].push(ms)
      memory[name].push(pssMb(tree(child.pid)))
    }
    if (round === ROUNDS && name !== 'still') {
      // What starting left behind (threads, scripts' heaps) is put away within a minute.
      await after(60_000)
      const pids = tree(child.pid)
      const used = cpuMs(pids)
      await after(60_000)
      idle[name] = cpuMs(pids) - used
    }
    await end(child)
  }
}
const servers = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && nameOf(pid) === 'keystow')
const serverMb = pssMb(servers.map(Number))

// --- driven ---

/** What the screen shows of the page, a sample of it. */
function sample() {
  const bytes = []
  for (let y = 20; y < 780; y += 12) {
    readSync(screen, line, 0, bytesPerLine, pixels + y * bytesPerLine)
    for (let x = 230; x < 1180; x += 7) bytes.push(line[x * 4 + 1])
  }
  return bytes
}

/** Goes to a page as a click on the rail does, and waits until it is there; gives when the click was. */
async function goTo(name) {
  const { at, isThere } = await script(`
    const link = [...document.querySelectorAll('nav a')].find((each) => each.getAttribute('href') === '#/${name}');
    const at = performance.timeOrigin + performance.now();
    const shown = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.getClientRects().length > 0);
    const look = () => {
      const title = shown('h1')[0]?.textContent ?? '';
      const isThere = location.hash === '#/${name}' && title.toLowerCase() === '${name}' && shown('[data-skeleton]').length === 0;
      if (isThere || performance.now() > 30000 + at - performance.timeOrigin) done({ at, isThere });
      else requestAnimationFrame(look);
    };
    link.click();
    requestAnimationFrame(look);
  `)
  assert.ok(isThere, `${name} never opened`)
  return at
}

/** Opens a page; gives how long from the click until it is on the screen, in milliseconds. */
async function openPage(name) {
  const seen = []
  let over = false
  const clicked = goTo(name).finally(async () => {
    // What comes later does not count: a check that runs anew, a date.
    await after(300)
    over = true
  })
  while (!over) {
    seen.push({ at: performance.timeOrigin + performance.now(), bytes: sample() })
    await after(2)
  }
  const at = await clicked
  const last = seen.at(-1).bytes
  const missing = ({ bytes }) => bytes.filter((byte, index) => byte !== last[index]).length
  const first = missing(seen[0])
  assert.ok(first > 0, `${name} was there before`)
  // A tenth of what changes may still be on its way: a word, a mark.
  return seen.find((each) => missing(each) <= first / 10).at - at
}

const PAGES = ['connect', 'rotations', 'activity', 'settings', 'keys']
await open()
await until(`document.querySelector('[role="row"] button') !== null`)
const opened = Object.fromEntries(PAGES.map((page) => [page, []]))
for (let round = 0; round < 6; round += 1) {
  for (const page of PAGES) {
    // Longer than answers count as fresh: each page asks anew.
    await after(2200)
    opened[page].push(await openPage(page))
  }
}
await close()

run(seed, data, String(MANY))
await open()
await until(`Number(document.querySelector('[role="grid"]')?.ariaRowCount) > ${MANY}`)
const WATCH = `
  window.__frames = [];
  let last = performance.now();
  window.__watching = true;
  const tick = () => {
    const now = performance.now();
    window.__frames.push(now - last);
    last = now;
    if (window.__watching) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  document.querySelector('input[type="search"]').focus();
  done(true);
`
const key = (value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }, { type: 'pause', duration: 90 }]
const BACK = '\uE003'
const words = ['customer 7', 'host-97', 'customer 99999', '0042']
await script(WATCH)
for (const word of words) {
  const strokes = [...word, ...[...word].map(() => BACK)].flatMap(key)
  await ask('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions: strokes }] })
}
const intervals = await script('window.__watching = false; done(window.__frames)')
/** The slowest second: frames in any window of a second. */
function slowest(all) {
  let least = Number.POSITIVE_INFINITY
  let from = 0
  let sum = 0
  for (let to = 0; to < all.length; to += 1) {
    sum += all[to]
    while (sum > 1000) {
      sum -= all[from]
      from += 1
      least = Math.min(least, to - from + 1)
    }
  }
  return least
}
await close()

// --- used for a while ---

await open()
await until(`document.querySelector('[role="row"] button') !== null`)
const ours = () => readdirSync('/proc').map(Number).find((pid) => pid > 0 && nameOf(pid) === desktop.split('/').at(-1))
const use = async (ms) => {
  const till = performance.now() + ms
  for (let turn = 0; performance.now() < till; turn += 1) {
    for (const page of PAGES) {
      await goTo(page)
      await after(150)
    }
    await script(`document.querySelector('input[type="search"]').focus(); done(true)`)
    const word = words[turn % words.length]
    await ask('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions: [...word, ...[...word].map(() => BACK)].flatMap(key) }] })
    await script(`for (let at = document.querySelector('[role="grid"]'); at !== null; at = at.parentElement) at.scrollTop = at.scrollHeight * ${(turn % 10) / 10}; setTimeout(() => done(true), 200)`)
  }
}
const lasting = {}
if (MINUTES > 0) {
  await use(60_000)
  await after(5000)
  lasting.firstMb = pssMb(tree(ours()))
  await use(MINUTES * 60_000)
  await after(5000)
  lasting.lastMb = pssMb(tree(ours()))
}
await close()

// --- told ---

const rows = []
const row = (title, value, unit, target, met) => rows.push({ title, value, unit, target, met })
const startRatio = middle(starts.keystow.map((ms, index) => ms / starts.empty[index]))
const stillRatio = middle(starts.still.map((ms, index) => ms / starts.empty[index]))
const memoryRatio = middle(memory.keystow) / middle(memory.empty)
row('spawn to real content on the screen', middle(starts.keystow), 'ms')
row('… of an empty Tauri window', middle(starts.empty), 'ms')
row('… beside it', startRatio, '×', '≤ 1.3', startRatio <= 1.3)
row('… a still of its first page, without a script, beside it', stillRatio, '×')
row('memory of its processes (PSS)', middle(memory.keystow), 'MB')
row('… of an empty Tauri window', middle(memory.empty), 'MB')
row('… beside it', memoryRatio, '×', '≤ 1.15', memoryRatio <= 1.15)
row('the local workspace beside it (PSS)', serverMb, 'MB')
for (const page of PAGES) {
  const worst = Math.max(...opened[page])
  row(`${page} opens, of six times the slowest (${KEYS} keys, ${found} clients)`, worst, 'ms', '≤ 100', worst <= 100)
}
const worstSecond = slowest(intervals)
row(`frames in the slowest second while typing, ${MANY} keys`, worstSecond, '/s', '≥ 50', worstSecond >= 50)
row('… slowest frame of a hundred', at(0.99, intervals), 'ms')
row('JavaScript of the first page (gzip)', Number(gzipKb), 'kB', '≤ 220', Number(gzipKb) <= 220)
row('processor time in a minute of idling, a minute after the start', idle.keystow, 'ms', '0', idle.keystow <= Math.max(20, idle.empty))
row('… of an empty Tauri window', idle.empty, 'ms')
if (MINUTES > 0) {
  const grown = (lasting.lastMb / lasting.firstMb - 1) * 100
  row(`memory after ${MINUTES} min of use beside one minute`, grown, '%', '≤ 10', grown <= 10)
}
const show = (value) => value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)
const today = new Date().toISOString().slice(0, 10)
console.log(`The window, ${today}; ${cpus().length} processors; load before: ${before.toFixed(1)}; ${ROUNDS} rounds in turns, medians`)
for (const { title, value, unit, target, met } of rows) {
  const verdict = target === undefined ? '' : `${target.padEnd(8)} ${met ? 'met' : 'MISSED'}`
  console.log(`${title.padEnd(72)}${show(value).padStart(10)} ${unit.padEnd(4)} ${verdict}`)
}
mkdirSync(dirname(results), { recursive: true })
writeFileSync(results, `${JSON.stringify({ date: today, load: before, rounds: ROUNDS, rows, raw: { starts, memory, opened, idle, lasting } }, null, 2)}\n`)
closeSync(screen)
process.exit()

// Runs what a revision requires of a client, by the official suite, through the bridge.
//
//   node conformance.mjs BRIDGE REVISION
//
// Every scenario that the suite requires is run, or stands in not-run.json (by the beginning of its name) with the reason.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [bridge, revision] = process.argv.slice(2)
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const suite = ['--import', new URL('node20.mjs', import.meta.url).href, here('node_modules/@modelcontextprotocol/conformance/dist/index.js')]
const notRun = JSON.parse(readFileSync(here('not-run.json'), 'utf8'))
const results = mkdtempSync(join(tmpdir(), 'conformance-'))
const run = (args) =>
  new Promise((resolve) => execFile(process.execPath, [...suite, ...args], (error, stdout, stderr) => resolve({ error, text: stdout + stderr })))

const listed = (await run(['list', '--requirements', revision])).text
const client = listed.split('Client scenarios')[1]?.split('\n\n')[0] ?? ''
const required = [...client.matchAll(/^ +- (\S+)/gm)].map((match) => match[1])
const reason = (name) => Object.keys(notRun).find((beginning) => name.startsWith(beginning))
const scenarios = required.filter((name) => !reason(name))
let failed = scenarios.length === 0

const one = async (scenario) => {
  const command = `${process.execPath} ${here('conformance-client.mjs')} ${bridge}`
  const args = ['client', '--command', command, '--scenario', scenario, '--spec-version', revision, '--timeout', '60000', '-o', results]
  const { error, text } = await run(args)
  const passed = !error && /Passed: ([1-9]\d*)\/\1, 0 failed/.test(text)
  failed ||= !passed
  console.log(`${passed ? 'passed' : 'FAILED'}  ${scenario}${passed ? '' : `\n${text}`}`)
}
const left = [...scenarios]
await Promise.all([0, 1].map(async () => {
  for (let next = left.shift(); next; next = left.shift()) await one(next)
}))
for (const name of required.filter(reason)) console.log(`not run ${name}`)
rmSync(results, { recursive: true })
process.exit(failed ? 1 : 0)

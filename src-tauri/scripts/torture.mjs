// Puts the same documents before Keystow and other configurators and writes down what each makes of them. Called by torture.sh in
// a world of its own; prints a Markdown table and ends with 1 when Keystow did not do what it must.
//
//   node torture.mjs KEYSTOW INSTALLED RESULTS [TITLE]     RESULTS gets the table and every file as it was left
import { mkdirSync, rmSync, writeFileSync, chmodSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { fixtures } from './torture-fixtures.mjs'
import { report } from './torture-report.mjs'
import { tools } from './torture-tools.mjs'
import { judge, look } from './torture-verdict.mjs'

const [program, installed, results, only] = process.argv.slice(2)
/** Larger files are not kept in the results. */
const LARGEST = 1 << 20
/** What Keystow calls its entry for the local workspace; the others are told to use the same name. */
const NAME = 'keystow'

/** A home with nothing but the document in it. */
function home(fixture, tool) {
  const dir = join(process.env.HOME, 'case')
  // What was read-only for the case must be writable to be removed.
  if (existsSync(join(dir, 'dotfiles/v2'))) chmodSync(join(dir, 'dotfiles/v2'), 0o755)
  rmSync(dir, { recursive: true, force: true })
  const file = join(dir, tool.path(fixture.client))
  mkdirSync(dirname(file), { recursive: true })
  const bytes = fixture.bytes ?? Buffer.from(fixture.text)
  if (fixture.place) fixture.place(file, bytes, dir)
  else writeFileSync(file, bytes)
  return { dir, file }
}

/** One document through one tool. */
function attempt(fixture, tool) {
  if (!tool.clients.has(fixture.client)) return { kind: 'unsupported' }
  const { dir, file } = home(fixture, tool)
  const before = look(file)
  const ran = tool.add(dir, fixture.client, NAME)
  const after = look(file)
  if (after.bytes !== null && after.bytes.length < LARGEST) {
    writeFileSync(join(results, `${fixture.title.replaceAll(/[^A-Za-z0-9]+/g, '-')}.${tool.name}`), after.bytes)
  }
  const verdict = { ...judge(before, after, NAME, fixture.marks), code: ran.code, said: ran.said }
  if (verdict.kind === 'untouched' && ran.code !== 0) verdict.kind = 'refused'
  if (tool.remove) {
    if (verdict.kind === 'kept') {
      const removed = tool.remove(dir, fixture.client)
      verdict.givenBack = removed.code === 0 && look(file).bytes?.equals(before.bytes) === true
      verdict.said += removed.said
    }
    const want = fixture.want ?? 'kept'
    verdict.failed = verdict.kind !== want || (want === 'kept' && (ran.code !== 0 || !verdict.givenBack)) || verdict.left.length > 0
  }
  return verdict
}

rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })
const contenders = tools(program, installed, NAME)
const rows = []
for (const fixture of fixtures(NAME)) {
  if (!fixture.title.includes(only ?? '')) continue
  const verdicts = contenders.map((tool) => attempt(fixture, tool))
  rows.push({ title: fixture.title, want: fixture.want ?? 'kept', verdicts })
  process.stderr.write(verdicts.some((verdict) => verdict.failed) ? 'x' : '.')
}
process.stderr.write('\n')

const text = report(contenders, rows)
process.stdout.write(text)
writeFileSync(join(results, 'TORTURE.md'), text)

const failed = rows.filter((row) => row.verdicts[0].failed)
for (const { title, want, verdicts } of failed) {
  const [{ said, ...verdict }] = verdicts
  process.stderr.write(`\nkeystow, ${title}: must be ${want}, but: ${JSON.stringify(verdict)}\n${said}\n`)
}
const missing = rows.filter((row) => row.verdicts[0].kind === 'unsupported')
if (missing.length > 0)
  process.stderr.write(`\nkeystow does not know the client of: ${missing.map((row) => row.title).join('; ')}\n`)
process.exitCode = failed.length + missing.length > 0 ? 1 : 0

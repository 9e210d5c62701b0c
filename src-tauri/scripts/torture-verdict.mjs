// What a configurator did to a settings file, judged by bytes: what was kept, lost, refused.
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** The file as it is on disk. */
export function look(file) {
  if (!existsSync(file)) return { bytes: null, link: false, mode: 0, beside: [] }
  return {
    bytes: readFileSync(file),
    link: lstatSync(file).isSymbolicLink(),
    mode: statSync(file).mode & 0o777,
    beside: readdirSync(dirname(file)).filter((name) => name.includes(basename(file))),
  }
}

const commonStart = (a, b) => {
  const end = Math.min(a.length, b.length)
  let at = 0
  while (at < end && a[at] === b[at]) at++
  return at
}
const commonEnd = (a, b, most) => {
  let at = 0
  while (at < most && a[a.length - 1 - at] === b[b.length - 1 - at]) at++
  return at
}

/** Whether all of `before` stands in `after`, in one piece around what was put in, or in two where a comma had to go in front. */
export function onlyInserted(before, after) {
  const whole = (a, b) => {
    if (b.length < a.length) return false
    const start = commonStart(a, b)
    return commonEnd(a, b, a.length - start) === a.length - start
  }
  if (whole(before, after)) return true
  const start = commonStart(before, after)
  // A comma that was put in may match one that was there by chance; so it is looked for a little before the difference, too.
  return [start, start - 1].some((at) => at >= 0 && after[at] === 0x2c && whole(before.subarray(at), after.subarray(at + 1)))
}

const count = (bytes, piece) => bytes.toString('latin1').split(piece).length - 1
const lineEnds = (bytes) => ({ crlf: count(bytes, '\r\n') > 0, lf: count(bytes, '\n') > count(bytes, '\r\n') })
const hasBom = (bytes) => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

/**
 * Compares two looks at a file, into which the entry `name` was to be put.
 *
 * `kind`: `kept` every other byte; `layout` changed, but nothing that means anything; `damaged`; `untouched`, or at least without
 * the entry.
 * `lost` names what is gone, `changed` what looks different.
 */
export function judge(before, after, name, { spelling = [], ...marks } = {}) {
  const lost = []
  const changed = []
  if (after.bytes === null) return { kind: 'damaged', lost: ['the file'], changed, left: [] }
  const left = after.beside.filter((name) => !before.beside.includes(name))
  if (before.link && !after.link) lost.push('the link')
  if (before.mode !== after.mode) lost.push(`mode ${before.mode.toString(8)} → ${after.mode.toString(8)}`)
  if (before.bytes.equals(after.bytes)) return { kind: lost.length > 0 ? 'damaged' : 'untouched', lost, changed, left }
  for (const [what, pieces] of Object.entries(marks)) {
    const gone = pieces.filter((piece) => !after.bytes.includes(piece)).length
    if (gone > 0) lost.push(gone === pieces.length ? what : `${gone} of ${pieces.length} ${what}`)
  }
  const respelt = spelling.filter((piece) => !after.bytes.includes(piece)).length
  if (respelt > 0) changed.push(`${respelt} of ${spelling.length} spellings`)
  if (!onlyInserted(before.bytes, after.bytes)) {
    if (hasBom(before.bytes) && !hasBom(after.bytes)) changed.push('BOM')
    const [was, is] = [lineEnds(before.bytes), lineEnds(after.bytes)]
    if (was.crlf && (!is.crlf || was.lf !== is.lf)) changed.push('line ends')
    changed.push('layout')
  }
  if (lost.length > 0) return { kind: 'damaged', lost, changed, left }
  if (!after.bytes.includes(name)) return { kind: 'untouched', lost, changed, left }
  return { kind: changed.length > 0 ? 'layout' : 'kept', lost, changed, left }
}

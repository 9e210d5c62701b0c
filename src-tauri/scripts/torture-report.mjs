// The torture table as a page: what each configurator kept, lost, refused.

const cell = ({ kind, code, lost, changed, left, givenBack }) => {
  const also = left?.length > 0 ? `; leaves ${left.map((name) => `\`${name}\``).join(', ')}` : ''
  const exit = code === 0 ? '' : ` (exit ${code})`
  switch (kind) {
    case 'unsupported':
      return '–'
    case 'kept':
      return `kept${givenBack === false ? ', **not given back**' : ''}${exit}${also}`
    case 'refused':
      return `refused${also}`
    case 'untouched':
      return `**not added, says it was**${also}`
    case 'layout':
      return `rewritten: ${changed.join(', ')}${exit}${also}`
    default:
      return `**lost: ${lost.join(', ')}**${exit}${also}`
  }
}

const of = (rows, index, test) =>
  rows.filter((row) => row.verdicts[index].kind !== 'unsupported' && test(row.verdicts[index])).length

const totals = {
  'every other byte kept': ({ kind, code }) => kind === 'kept' && code === 0,
  'refused, file as it was': ({ kind }) => kind === 'refused',
  'rewritten, nothing lost': ({ kind }) => kind === 'layout',
  'something lost': ({ kind }) => kind === 'damaged',
  'of these with exit code 0': ({ kind, code }) => kind === 'damaged' && code === 0,
  'not added, says it was': ({ kind }) => kind === 'untouched',
}

export function report(tools, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  const heads = tools.map(({ name, version }) => `${name} ${version}`)
  const table = (want) => rows.filter((row) => row.want === want).map((row) => line([row.title, ...row.verdicts.map(cell)]))
  const rule = line(['---', ...tools.map(() => '---')])
  return `# The torture table

The same settings files through Keystow and three other configurators, each time in a new home, without a network: each was asked
to add one stdio server. Written by \`make torture\` on ${new Date().toISOString().slice(0, 10)}; that command fails when Keystow does anything but what is
right. Versions are pinned in \`tests/clients/\`.

- **kept**: the entry was added, and every other byte of the file is as it was, as are its mode and links. For Keystow it also
  means that \`keystow disconnect\` gave the original back, byte for byte.
- **refused**: an exit code other than 0, and the file as it was.
- **rewritten**: servers, values and comments are there, but bytes that have nothing to do with the entry are others; spellings are
  those of numbers and strings, such as \`1.0\` → \`1\` or \`é\` → \`\\u00e9\`.
- **lost**: what stood in the file before and does not afterwards.
- –: the program has no such client.

## Files that are fine

${[line(['', ...heads]), rule, ...table('kept')].join('\n')}

## Files that should not be written to

Broken, ambiguous, not in the client's syntax, protected, or with another person's entry of that name.

${[line(['', ...heads]), rule, ...table('refused')].join('\n')}

## Together

${[line([`${rows.length} files`, ...heads]), rule, ...Object.entries(totals).map(([title, test]) => line([title, ...tools.map((_, index) => of(rows, index, test))]))].join('\n')}
`
}

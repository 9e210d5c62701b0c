// A small stdio MCP server: the one that stood in a client's settings before Keystow came, and must go on working.
//
//   node neighbour.mjs [VARIABLE]     with VARIABLE, ends at once unless the environment has it
import { createInterface } from 'node:readline'

const needed = process.argv[2]
if (needed !== undefined && !process.env[needed]) process.exit(1)

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'neighbour', version: '1.0.0' },
  }),
  'tools/list': () => ({ tools: [{ name: 'greet', description: 'Says hello.', inputSchema: { type: 'object' } }] }),
  ping: () => ({}),
}
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  const answer = answers[method]
  const said = answer ? { result: answer(params ?? {}) } : { error: { code: -32601, message: 'Not here.' } }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...said })}\n`)
})

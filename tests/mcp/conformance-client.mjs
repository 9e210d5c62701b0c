// The client that the conformance suite puts to the test: the official SDK, which speaks through the bridge.
//
//   node conformance-client.mjs BRIDGE URL
//
// Which SDK speaks follows the revision under test: the one before 2026-07-28 shakes hands, the one since does not. What it does is
// the same in every scenario: everything that the server offers is listed, and all of it is used once.
const [bridge, url] = process.argv.slice(2)
const revision = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}')
const server = { command: bridge, args: [url], stderr: 'inherit' }
const about = { name: 'keystow-conformance', version: '1.0.0' }
const capabilities = { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: {} }
const accept = async () => ({ action: 'accept', content: {} })
const roots = async () => ({ roots: [{ uri: 'file:///keystow', name: 'keystow' }] })
const sample = async () => ({ role: 'assistant', model: 'none', content: { type: 'text', text: 'sampled' }, stopReason: 'endTurn' })

async function sessionEra() {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js')
  const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js')
  const types = await import('@modelcontextprotocol/sdk/types.js')
  const client = new Client(about, { capabilities })
  client.setRequestHandler(types.ElicitRequestSchema, accept)
  client.setRequestHandler(types.ListRootsRequestSchema, roots)
  client.setRequestHandler(types.CreateMessageRequestSchema, sample)
  await client.connect(new StdioClientTransport(server))
  return client
}

async function statelessEra() {
  const { Client } = await import('@modelcontextprotocol/client')
  const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio')
  const client = new Client(about, { capabilities, versionNegotiation: { mode: { pin: revision } } })
  client.setRequestHandler('elicitation/create', accept)
  client.setRequestHandler('roots/list', roots)
  client.setRequestHandler('sampling/createMessage', sample)
  await client.connect(new StdioClientTransport(server))
  return client
}

// What a tool is called with when the scenario does not say.
function example(schema) {
  const values = { string: 'text', integer: 3, number: 3, boolean: true, array: [], object: {} }
  const of = ([name, property]) => [name, property.default ?? property.enum?.[0] ?? values[property.type] ?? 'text']
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(of))
}

// A scenario may answer with an error on purpose; what the client did with it, the suite judges.
const attempt = (use) => use.catch((error) => console.error(`answered with an error: ${error.message}`))

const client = revision >= '2026' ? await statelessEra() : await sessionEra()
try {
  const { tools } = await client.listTools()
  const calls = context.toolCalls ?? tools.map((tool) => ({ name: tool.name, arguments: example(tool.inputSchema) }))
  for (const call of calls) await attempt(client.callTool(call))
  const offered = client.getServerCapabilities() ?? {}
  if (offered.prompts) {
    const { prompts } = await client.listPrompts()
    for (const prompt of prompts) await attempt(client.getPrompt({ name: prompt.name, arguments: {} }))
  }
  if (offered.resources) {
    const { resources } = await client.listResources()
    for (const resource of resources) await attempt(client.readResource({ uri: resource.uri }))
  }
} finally {
  await client.close()
}

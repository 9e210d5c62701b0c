// The official SDK as an AI client: starts a command as it stands in a settings file, lists the tools and calls some.
//
//   node client.mjs COMMAND ARG...
//
// Prints one JSON object: the server's name, the names of the tools, and what `whoami` and `echo` said.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const [command, ...args] = process.argv.slice(2)
const client = new Client({ name: 'keystow-sdk-test', version: '1.0.0' })
// The SDK hands on only a few variables, as the clients built on it do. On a desktop the session bus is found at its usual place;
// a test's own bus is elsewhere.
const env = { ...getDefaultEnvironment(), DBUS_SESSION_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS }
await client.connect(new StdioClientTransport({ command, args, env, stderr: 'inherit' }))

const { tools } = await client.listTools()
const text = (result) => {
  if (result.isError) throw new Error(JSON.stringify(result.content))
  return result.content[0].text
}
const whoami = text(await client.callTool({ name: 'whoami', arguments: {} }))
const echo = text(await client.callTool({ name: 'echo', arguments: { text: 'through Keystow' } }))
const server = client.getServerVersion().name
await client.close()

console.log(JSON.stringify({ server, tools: tools.map((tool) => tool.name), whoami, echo }))

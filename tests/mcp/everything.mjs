// Everything that the official "everything" server offers, used by the official SDK twice: directly, and through the bridge. Prints
// one JSON object with what came of each use, as `direct` and `bridged`; they are to be the same.
//
//   node everything.mjs BRIDGE
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import * as types from '@modelcontextprotocol/sdk/types.js'

const [bridge] = process.argv.slice(2)
const place = fileURLToPath(new URL('node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url))

// The server takes its port from the environment and cannot say which one it was given.
const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address()
    probe.close(() => resolve(port))
  })
})
const url = `http://127.0.0.1:${port}/mcp`
const server = spawn(process.execPath, [place, 'streamableHttp'], { env: { ...process.env, PORT: String(port) }, stdio: 'ignore' })
process.on('exit', () => server.kill())
for (let tries = 0; tries < 200; tries += 1) {
  if (await fetch(url).then(() => true, () => false)) break
  await new Promise((resolve) => setTimeout(resolve, 50))
}

// What differs from one session to the next: times, random names, the process that asks.
const volatile = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  [/\d{1,2}:\d\d:\d\d( [AP]M)?/g, '<time>'],
  [/"taskId":"[^"]*"/g, '"taskId":"<task>"'],
  [/\b[0-9a-f]{32}\b/g, '<id>'],
]
const steady = (value) => JSON.parse(volatile.reduce((text, [from, to]) => text.replace(from, to), JSON.stringify(value ?? null)))

async function useEverything(transport) {
  const seen = {}
  const capabilities = {
    roots: { listChanged: true },
    sampling: {},
    elicitation: { form: {}, url: {} },
    tasks: { requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } },
  }
  const client = new Client({ name: 'keystow-everything', version: '1.0.0' }, { capabilities })
  const asked = {}
  let tell
  const rootsAsked = new Promise((resolve) => (tell = resolve))
  client.setRequestHandler(types.ListRootsRequestSchema, async () => {
    asked.roots = true
    tell()
    return { roots: [{ uri: 'file:///keystow', name: 'keystow' }] }
  })
  client.setRequestHandler(types.CreateMessageRequestSchema, async ({ params }) => {
    asked.sampling = steady(params)
    return { role: 'assistant', model: 'none', content: { type: 'text', text: 'sampled' }, stopReason: 'endTurn' }
  })
  client.setRequestHandler(types.ElicitRequestSchema, async ({ params }) => {
    asked[`elicitation ${params.mode ?? 'form'}`] = steady(params)
    return params.mode === 'url' ? { action: 'accept' } : { action: 'accept', content: { name: 'me', interpretation: 'technical' } }
  })
  const heard = new Map()
  const waiting = new Map()
  client.fallbackNotificationHandler = async ({ method, params }) => {
    heard.set(method, steady(params))
    waiting.get(method)?.()
  }
  const notified = (method) =>
    heard.has(method) ? undefined : new Promise((resolve) => waiting.set(method, resolve))
  await client.connect(transport)
  // Counted as they arrive: when a step and the answer come in one read, the SDK forgets who listens to steps before it tells them.
  const steps = []
  const { onmessage } = transport
  transport.onmessage = (message, ...more) => {
    if (message.method === 'notifications/progress') steps.push(message.params)
    onmessage.call(transport, message, ...more)
  }
  const any = types.ResultSchema
  const ask = async (name, method, params) => {
    try {
      seen[name] = steady(await client.request({ method, params }, any))
    } catch (error) {
      seen[name] = steady({ code: error.code, message: error.message, data: error.data })
    }
    return seen[name]
  }

  seen.server = [client.getServerVersion(), client.getServerCapabilities(), client.getInstructions()]
  // Tools that depend on the client's capabilities are added once it has said that it is ready, and roots are asked for.
  await ask('ping', 'ping')
  await rootsAsked
  const tools = (await ask('tools/list', 'tools/list')).tools
  await ask('prompts/list', 'prompts/list')
  await ask('resources/list', 'resources/list')
  await ask('resources/templates/list', 'resources/templates/list')
  await ask('logging/setLevel', 'logging/setLevel', { level: 'debug' })

  const argumentsOf = {
    echo: { message: 'through' },
    'get-annotated-message': { messageType: 'error', includeImage: true },
    'get-resource-links': { count: 3 },
    'get-resource-reference': { resourceType: 'Text', resourceId: 1 },
    'get-structured-content': { location: 'Chicago' },
    'get-sum': { a: 2, b: 3 },
    'gzip-file-as-resource': { name: 'a.gz', data: 'data:text/plain,keystow', outputType: 'resource' },
    'trigger-sampling-request': { prompt: 'say something', maxTokens: 5 },
    'trigger-sampling-request-async': { prompt: 'say something', maxTokens: 5 },
    'trigger-url-elicitation': { url: 'https://example.com/form', elicitationId: 'one' },
    'trigger-long-running-operation': { duration: 0.2, steps: 2 },
    'simulate-research-query': { topic: 'keys', ambiguous: true },
  }
  for (const { name } of tools) {
    const params = { name, arguments: argumentsOf[name] ?? {} }
    if (name === 'simulate-research-query') {
      // As a task: begun, looked at until it asks or is done, its result taken.
      const { task } = await client.request({ method: 'tools/call', params: { ...params, task: { ttl: 60000 } } }, any)
      const result = await client.request({ method: 'tasks/result', params: { taskId: task.taskId } }, any)
      const last = await client.request({ method: 'tasks/get', params: { taskId: task.taskId } }, any)
      seen['task'] = steady([task.status, result, last.status])
    } else if (name === 'trigger-long-running-operation') {
      steps.length = 0
      const result = await client.request({ method: 'tools/call', params }, any, { onprogress: () => undefined })
      seen['progress'] = [steps.map(({ progress, total }) => ({ progress, total })), steady(result)]
    } else if (name === 'get-env') {
      // The environment of the server, which is the same for both; its size is enough.
      const result = await client.callTool(params)
      seen['get-env'] = result.content.length
    } else {
      await ask(`tool ${name}`, 'tools/call', params)
    }
  }
  await ask('unknown tool', 'tools/call', { name: 'no-such-tool', arguments: {} })
  await ask('unknown method', 'no/such/method', {})
  await ask('prompt simple', 'prompts/get', { name: 'simple-prompt' })
  await ask('prompt args', 'prompts/get', { name: 'args-prompt', arguments: { city: 'Zürich', state: 'ZH' } })
  await ask('prompt completable', 'prompts/get', { name: 'completable-prompt', arguments: { department: 'Engineering', name: 'Alice' } })
  await ask('prompt resource', 'prompts/get', { name: 'resource-prompt', arguments: { resourceType: 'Text', resourceId: '1' } })
  await ask('completion', 'completion/complete', { ref: { type: 'ref/prompt', name: 'completable-prompt' }, argument: { name: 'department', value: 'E' } })
  for (const { uri } of seen['resources/list'].resources) await ask(`resource ${uri}`, 'resources/read', { uri })
  await ask('resource text', 'resources/read', { uri: 'demo://resource/dynamic/text/1' })
  const { contents: [blob] } = await client.readResource({ uri: 'demo://resource/dynamic/blob/1' })
  // The text in it says when it was made.
  seen['resource blob'] = steady({ ...blob, blob: Buffer.from(blob.blob, 'base64').toString() })
  await ask('subscribe', 'resources/subscribe', { uri: 'demo://resource/dynamic/text/1' })
  // Both have been turned on above, with all the other tools.
  heard.clear()
  await notified('notifications/resources/updated')
  await notified('notifications/message')
  await ask('unsubscribe', 'resources/unsubscribe', { uri: 'demo://resource/dynamic/text/1' })
  const cancel = new AbortController()
  const slow = client.callTool({ name: 'trigger-long-running-operation', arguments: { duration: 5, steps: 50 } }, undefined, {
    signal: cancel.signal,
    onprogress: () => cancel.abort('enough'),
  })
  seen.cancelled = await slow.then(() => 'answered', () => 'cancelled')
  await ask('after the cancellation', 'ping')
  seen.asked = asked
  seen.heard = [...new Set([...heard.keys(), 'notifications/message'])].sort()
  await client.close()
  return seen
}

const direct = await useEverything(new StreamableHTTPClientTransport(new URL(url)))
const bridged = await useEverything(new StdioClientTransport({ command: bridge, args: [url], stderr: 'inherit' }))
server.kill()
console.log(JSON.stringify({ direct, bridged }))

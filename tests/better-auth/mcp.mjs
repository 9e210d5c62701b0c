// The least that an MCP server can be: a handshake and one tool, which tells who called it.

/** What is said to a message, or null where there is nothing to say. */
function reply(message, caller) {
  if (message.id === undefined) return null;
  const said = (what) => ({ jsonrpc: '2.0', id: message.id, ...what });
  switch (message.method) {
    case 'initialize':
      return said({ result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'test', version: '1' } } });
    case 'tools/list':
      return said({ result: { tools: [{ name: 'whoami', inputSchema: { type: 'object' } }] } });
    case 'tools/call':
      return said({ result: { content: [{ type: 'text', text: caller }] } });
    default:
      return said({ error: { code: -32601, message: 'no such method' } });
  }
}

/** Answers a request of somebody who was let in. */
export async function speak(request, response, caller) {
  if (request.method !== 'POST') return response.writeHead(405).end();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = reply(JSON.parse(Buffer.concat(chunks).toString()), caller);
  if (answer === null) return response.writeHead(202).end();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}

// A better-auth app that is an OAuth authorization server (issuer `/api/auth`) with an MCP server beside it, on a free port of
// 127.0.0.1, all of it in memory. It prints its address and ends with its standard input.
import { createServer } from 'node:http';
import { oauthProvider, oauthProviderAuthServerMetadata } from '@better-auth/oauth-provider';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getAuthTables } from 'better-auth/db';
import { toNodeHandler } from 'better-auth/node';
import { bearer, jwt } from 'better-auth/plugins';

function start(base) {
  const options = {
    baseURL: base,
    secret: 'a secret that is good for tests and for nothing else',
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [
      bearer(),
      jwt(),
      oauthProvider({
        loginPage: '/login',
        consentPage: '/consent',
        scopes: ['openid', 'offline_access', 'mcp:read'],
        resources: [{ identifier: `${base}/mcp`, name: 'tools' }],
        clientRegistrationDefaultResources: [`${base}/mcp`],
        allowDynamicClientRegistration: true,
        allowUnauthenticatedClientRegistration: true,
      }),
    ],
  };
  const tables = Object.values(getAuthTables(options)).map((table) => [table.modelName, []]);
  return betterAuth({ ...options, database: memoryAdapter(Object.fromEntries(tables)) });
}

function answer(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function route(auth, base, request, response) {
  const { pathname } = new URL(request.url, base);
  if (pathname === '/.well-known/oauth-authorization-server/api/auth') {
    const described = await oauthProviderAuthServerMetadata(auth)(new Request(new URL(request.url, base)));
    return answer(response, described.status, await described.json());
  }
  if (pathname === '/.well-known/oauth-protected-resource/mcp') {
    return answer(response, 200, { resource: `${base}/mcp`, authorization_servers: [`${base}/api/auth`], scopes_supported: ['mcp:read'] });
  }
  if (pathname === '/mcp') {
    const metadata = `${base}/.well-known/oauth-protected-resource/mcp`;
    return answer(response, 401, { error: 'missing_bearer' }, { 'www-authenticate': `Bearer resource_metadata="${metadata}"` });
  }
  if (pathname.startsWith('/api/auth/')) return toNodeHandler(auth)(request, response);
  answer(response, 404, { error: 'not_found' });
}

let auth;
let base;
const server = createServer((request, response) => {
  route(auth, base, request, response).catch((error) => answer(response, error?.statusCode ?? 500, error?.body ?? { error: String(error) }));
});
server.listen(0, '127.0.0.1', () => {
  base = `http://127.0.0.1:${server.address().port}`;
  auth = start(base);
  console.log(base);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit());

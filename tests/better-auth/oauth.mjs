// A better-auth app that is an OAuth authorization server (issuer `/api/auth`) with an MCP server beside it, on a free port of
// 127.0.0.1, all of it in memory. It prints its address and ends with its standard input.
//   node oauth.mjs [path]     path: of the MCP server, `/mcp` where nothing is said
// What stands under /test is for the tests alone: after `POST /test/refuse` the tokens that were good until then are not any more.
import { createServer } from 'node:http';
import { oauthProvider, oauthProviderAuthServerMetadata } from '@better-auth/oauth-provider';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getAuthTables } from 'better-auth/db';
import { toNodeHandler } from 'better-auth/node';
import { verifyBearerToken } from 'better-auth/oauth2';
import { bearer, jwt } from 'better-auth/plugins';
import { speak } from './mcp.mjs';

const path = process.argv[2] ?? '/mcp';
/** Tokens that were let in, and those that are not any more. */
const seen = new Set();
const refused = new Set();

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
        scopes: ['openid', 'offline_access', 'mcp:read', 'mcp:write'],
        resources: [{ identifier: base + path, name: 'tools' }],
        clientRegistrationDefaultResources: [base + path],
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

/** Whose token it is, where it is good for this server. */
async function callerOf(base, token) {
  const issuer = `${base}/api/auth`;
  try {
    const { sub } = await verifyBearerToken(token, { jwksUrl: `${issuer}/jwks`, verifyOptions: { issuer, audience: base + path } });
    return refused.has(token) ? null : sub;
  } catch {
    return null;
  }
}

async function mcp(base, request, response) {
  const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const caller = token ? await callerOf(base, token) : null;
  if (caller) {
    seen.add(token);
    return speak(request, response, caller);
  }
  const metadata = `${base}/.well-known/oauth-protected-resource${path}`;
  answer(response, 401, { error: token ? 'invalid_token' : 'missing_bearer' }, { 'www-authenticate': `Bearer resource_metadata="${metadata}"` });
}

async function route(auth, base, request, response) {
  const { pathname } = new URL(request.url, base);
  if (pathname === '/.well-known/oauth-authorization-server/api/auth') {
    const described = await oauthProviderAuthServerMetadata(auth)(new Request(new URL(request.url, base)));
    return answer(response, described.status, await described.json());
  }
  if (pathname === `/.well-known/oauth-protected-resource${path}`) {
    return answer(response, 200, { resource: base + path, authorization_servers: [`${base}/api/auth`], scopes_supported: ['mcp:read'] });
  }
  if (pathname === path) return mcp(base, request, response);
  if (pathname === '/test/refuse') {
    for (const token of seen) refused.add(token);
    return answer(response, 200, {});
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

// A real better-auth app on a free port of 127.0.0.1, all of it in memory. It prints its address and ends with its standard input.
//   node server.mjs [limited] [named] [generous]     limited: better-auth's own limit by address is on
//                                                    named: all kinds of keys have a name, and none is the default
//                                                    generous: keys may be used as often as anybody likes
// The routes under /api/v1 stand where Atlas has its own; what they say follows Atlas's source (AtlasDevHQ/atlas e84e80b, read
// 2026-11-20). `/mcp` is an MCP server that takes keys. Those under /test are for the tests alone.
import { createServer } from 'node:http';
import { apiKey } from '@better-auth/api-key';
import { base32 } from '@better-auth/utils/base32';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { bearer, deviceAuthorization, organization, twoFactor } from 'better-auth/plugins';
import { createAccessControl } from 'better-auth/plugins/access';
import { defaultStatements, memberAc, ownerAc } from 'better-auth/plugins/organization/access';
import { speak } from './mcp.mjs';

const limited = process.argv.includes('limited');
const named = process.argv.includes('named');
const generous = process.argv.includes('generous');
const DAY_SECONDS = 86_400;
const TABLES = ['user', 'session', 'account', 'verification', 'rateLimit', 'organization', 'member', 'invitation', 'apikey', 'deviceCode', 'twoFactor'];

/** What the tests change while the server runs. */
const state = { mint: true, enrolled: true, correctApiUrl: null };

function start(base) {
  const actions = ['create', 'read', 'update', 'delete'];
  const control = createAccessControl({ ...defaultStatements, apiKey: actions });
  return betterAuth({
    baseURL: base,
    secret: 'a secret that is good for tests and for nothing else',
    database: memoryAdapter(Object.fromEntries(TABLES.map((table) => [table, []]))),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: limited, window: 10, max: 100 },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [
      bearer(),
      twoFactor(),
      organization({
        ac: control,
        roles: {
          owner: control.newRole({ ...ownerAc.statements, apiKey: actions }),
          member: control.newRole({ ...memberAc.statements, apiKey: ['read'] }),
        },
      }),
      apiKey([
        { configId: named ? 'user-keys' : 'default', defaultPrefix: 'ref_', enableMetadata: true, rateLimit: { enabled: !generous, timeWindow: 60_000, maxRequests: 3 } },
        { configId: 'org-keys', defaultPrefix: 'reforg_', references: 'organization', enableMetadata: true },
      ]),
      deviceAuthorization({ verificationUri: '/device', expiresIn: '5m', interval: '1s' }),
    ],
  });
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : JSON.parse(text);
}

/** Atlas's way to make a key: for the workspace that the session stands for, by an administrator with a second factor. */
async function mint(auth, request, response) {
  const seen = await auth.api.getSession({ headers: new Headers({ authorization: request.headers.authorization ?? '' }) });
  if (!seen) return answer(response, 401, { error: 'auth_error', message: 'Not signed in.', requestId: 'req-mint' });
  if (!state.enrolled) {
    return answer(response, 403, {
      error: 'mfa_enrollment_required',
      message: 'A second factor is required.',
      enrollmentUrl: '/admin/account-security',
      requestId: 'req-mint',
    });
  }
  const orgId = seen.session.activeOrganizationId;
  if (!orgId) return answer(response, 400, { error: 'no_workspace', message: 'No active workspace.', requestId: 'req-mint' });
  const { name, expiresInDays = 90 } = await bodyOf(request);
  if (typeof name !== 'string' || name.length < 1 || name.length > 100) {
    return answer(response, 422, { error: 'invalid_request', message: 'name: 1 to 100 characters', requestId: 'req-mint' });
  }
  try {
    const made = await auth.api.createApiKey({
      body: { name, userId: seen.user.id, expiresIn: expiresInDays * DAY_SECONDS, metadata: { orgId, atlasWorkspaceKey: true } },
    });
    answer(response, 200, { key: made.key, id: made.id, name: made.name, orgId, role: 'admin' });
  } catch {
    answer(response, 500, { error: 'key_mint_failed', message: 'The key could not be made.', requestId: 'req-mint' });
  }
}

/** What a key opens. */
async function tables(auth, request, response) {
  const key = request.headers['x-api-key'];
  if (!key) return answer(response, 401, { error: 'auth_error', message: 'No key.', requestId: 'req-tables' });
  const { valid, error } = await auth.api.verifyApiKey({ body: { key } });
  if (valid) return answer(response, 200, { tables: [] });
  answer(response, error.code === 'RATE_LIMITED' ? 429 : 401, error);
}

/** An MCP server for those who have a key. */
async function mcp(auth, request, response) {
  const { valid, key, error } = await auth.api.verifyApiKey({ body: { key: request.headers['x-api-key'] ?? '' } });
  if (valid) return speak(request, response, key.name);
  answer(response, 401, error ?? { code: 'INVALID_API_KEY' });
}

async function route(auth, request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const asked = `${request.method} ${pathname}`;
  if (asked === 'POST /test/state') {
    Object.assign(state, await bodyOf(request));
    return answer(response, 200, {});
  }
  if (asked === 'POST /test/totp') {
    const { totpURI } = await bodyOf(request);
    const secret = new TextDecoder().decode(base32.decode(new URL(totpURI).searchParams.get('secret')));
    return answer(response, 200, await auth.api.generateTOTP({ body: { secret } }));
  }
  if (state.correctApiUrl) {
    return answer(response, 421, {
      error: 'misdirected_request',
      message: 'The workspace lives in another region.',
      correctApiUrl: state.correctApiUrl,
      expectedRegion: 'eu',
      actualRegion: 'us',
      requestId: 'req-region',
    });
  }
  if (asked === 'POST /api/v1/admin/workspace-keys' && state.mint) return mint(auth, request, response);
  if (pathname === '/mcp') return mcp(auth, request, response);
  if (asked === 'GET /api/v1/tables') return tables(auth, request, response);
  if (pathname.startsWith('/api/auth/')) return toNodeHandler(auth)(request, response);
  answer(response, 404, { error: 'not_found', message: 'No such route.' });
}

let auth;
const server = createServer((request, response) => {
  route(auth, request, response).catch((error) => answer(response, error?.statusCode ?? 500, error?.body ?? { error: 'failed' }));
});
server.listen(0, '127.0.0.1', () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  auth = start(base);
  console.log(base);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit());

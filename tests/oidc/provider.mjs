// A real OpenID provider on a free port of this machine, with invented people, that misbehaves when it is asked to.
//
// It prints one line of JSON when it listens. POST /misbehave takes what the next answers are to be like:
//   claims     claims of the ID token to change; null removes one
//   header     fields of its header to change, for example {"alg": "none"}
//   key        which key signs it: "other" (nobody knows it), "next" (in the list of keys from now on), "secret"
//   token      fields of the token answer to change; null removes one
//   status     the status of the token answer
//   discovery  fields of the discovery document to change
//   redirect   where the token address sends the asker instead
//   padding    bytes of blanks around the token answer
// The token is signed anew after its claims were changed, so that each check stands alone.

import { createServer } from 'node:http';
import { createHash } from 'node:crypto';

import * as jose from 'jose';
import Provider from 'oidc-provider';

const CLIENT = 'gatepost';
const SECRET = 'a-secret-of-the-tests-with-more-than-32-letters';
const PEOPLE = {
  ann: { email: 'ann@wren.sch.uk', email_verified: true, name: 'Ann Field', hd: 'wren.sch.uk', tid: 'tenant' },
  bob: { email: 'bob@wren.sch.uk', email_verified: true, name: 'Bob Stone', hd: 'wren.sch.uk', tid: 'tenant' },
  eve: { email: 'eve@elsewhere.example', email_verified: true, name: 'Eve', hd: 'elsewhere.example', tid: 'other' },
};

async function newKey(alg, kid) {
  const { privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  return { ...(await jose.exportJWK(privateKey)), kid, alg, use: 'sig' };
}

const keys = { RS256: await newKey('RS256', 'rsa-1'), ES256: await newKey('ES256', 'ec-1') };
const others = { RS256: await newKey('RS256', 'rsa-1'), ES256: await newKey('ES256', 'ec-1') };
const nexts = { RS256: await newKey('RS256', 'rsa-2'), ES256: await newKey('ES256', 'ec-2') };

let tampering = {};
let announceNext = false;
let asked = {};

const server = createServer((request, response) => handle(request, response));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const client = (id, alg) => ({
  client_id: id,
  client_secret: SECRET,
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: ['google', 'microsoft', 'school'].map((key) => `http://127.0.0.1/sign-in/back/${key}`),
  id_token_signed_response_alg: alg,
  token_endpoint_auth_method: 'client_secret_post',
});

const provider = new Provider(issuer, {
  clients: [
    client(CLIENT, 'RS256'),
    client(`${CLIENT}-es256`, 'ES256'),
    { ...client(`${CLIENT}-any-port`, 'RS256'), application_type: 'native' }, // of this machine: RFC 8252, 7.3
  ],
  clientAuthMethods: ['client_secret_post', 'client_secret_basic'],
  claims: { openid: ['sub', 'hd', 'tid'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: false, // as Google and Microsoft: e-mail and name are in the ID token
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
  pkce: { required: () => true },
  cookies: { keys: ['only for tests'] },
  jwks: { keys: Object.values(keys) },
  ttl: {
    AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600,
  },
  findAccount: (_, id) => (PEOPLE[id] ? { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) } : undefined),
});
const real = provider.callback();

function changed(object, changes = {}) {
  const merged = { ...object, ...changes };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

const base64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const half = (text) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

async function signed(idToken, accessToken) {
  const header = changed(jose.decodeProtectedHeader(idToken), tampering.header);
  // As Google does, and as oidc-provider leaves out here: the hash of the access token.
  const claims = changed({ ...jose.decodeJwt(idToken), at_hash: half(accessToken) }, tampering.claims);
  const algorithm = jose.decodeProtectedHeader(idToken).alg;
  if (header.alg === 'none') return `${base64(header)}.${base64(claims)}.`;
  if (tampering.key === 'secret') {
    const secret = { ...header, alg: 'HS256' };
    return new jose.SignJWT(claims).setProtectedHeader(secret).sign(new TextEncoder().encode(SECRET));
  }
  const from = { other: others, next: nexts }[tampering.key] ?? keys;
  const key = from[algorithm];
  if (tampering.key === 'next') header.kid = key.kid;
  return new jose.SignJWT(claims).setProtectedHeader(header).sign(await jose.importJWK(key, algorithm));
}

async function tampered(path, status, body) {
  if (path === '/.well-known/openid-configuration') return [status, changed(body, tampering.discovery)];
  if (path === '/jwks' && announceNext) {
    const { d, p, q, dp, dq, qi, ...rsa } = nexts.RS256;
    const { d: _, ...ec } = nexts.ES256;
    return [status, { keys: [...body.keys, rsa, ec] }];
  }
  if (path !== '/token') return [status, body];
  const answer = body.id_token ? { ...body, id_token: await signed(body.id_token, body.access_token) } : body;
  return [tampering.status ?? status, changed(answer, tampering.token)];
}

function readBody(request) {
  return new Promise((resolve) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece)).on('end', () => resolve(Buffer.concat(pieces).toString()));
  });
}

async function handle(request, response) {
  const { pathname } = new URL(request.url, issuer);
  if (pathname === '/misbehave') {
    tampering = JSON.parse(await readBody(request));
    announceNext = tampering.key === 'next';
    response.end(JSON.stringify(asked));
    asked = {};
    return;
  }
  asked[pathname] = (asked[pathname] ?? 0) + 1;
  if (pathname === '/token' && tampering.redirect) {
    response.writeHead(307, { Location: tampering.redirect }).end();
    return;
  }
  if (!['/token', '/jwks', '/.well-known/openid-configuration'].includes(pathname)) {
    real(request, response);
    return;
  }
  const end = response.end.bind(response);
  response.end = (content) => {
    tampered(pathname, response.statusCode, JSON.parse(content)).then(([status, body]) => {
      const sent = JSON.stringify(body) + ' '.repeat((pathname === '/token' && tampering.padding) || 0);
      response.statusCode = status;
      response.setHeader('Content-Length', Buffer.byteLength(sent));
      end(sent);
    });
    return response;
  };
  real(request, response);
}

console.log(JSON.stringify({ issuer, client: CLIENT, secret: SECRET }));
process.stdin.on('close', () => process.exit(0)).resume(); // the tests are over

import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { type LocalServer, startServer } from '../../support/harness/http-server.js';

/** A provider of OpenID Connect with one client and one person, who signs in as soon as they come. */
export interface OidcProvider extends LocalServer {
  /** What the ID token says of the person, beside what it has to. */
  claims: Record<string, unknown>;
  /** What user info says of them. */
  info: Record<string, unknown>;
  /** Changes the ID token before it is signed. */
  spoil: (token: Record<string, unknown>) => Record<string, unknown>;
  /** What it says in place of a token, where it gives none. */
  refusal: string | undefined;
}

export const CLIENT = 'hookyard';

/**
 * Starts a stand-in that checks what it gets: the client's secret, the code with its verifier, the address to go back to.
 * Sources: https://openid.net/specs/openid-connect-core-1_0.html, https://www.rfc-editor.org/rfc/rfc7636
 */
export async function startOidcProvider(clientSecret: string, back: string): Promise<OidcProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, { readonly challenge: string; readonly nonce: string }>();
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const server = await startServer(({ method, path, query, body, headers }) => {
    const issuer = server.url;
    if (path === '/.well-known/openid-configuration')
      return {
        status: 200,
        body: {
          ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
          ...{ jwks_uri: `${issuer}/keys`, userinfo_endpoint: `${issuer}/info`, response_types_supported: ['code'] },
          ...{ subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'] },
          ...{ code_challenge_methods_supported: ['S256'] },
        },
      };
    if (path === '/keys')
      return {
        status: 200,
        body: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' }] },
      };
    if (path === '/authorize') {
      const [challenge, nonce, state] = ['code_challenge', 'nonce', 'state'].map((name) => query.get(name) ?? '');
      const isRight =
        query.get('client_id') === CLIENT &&
        query.get('redirect_uri') === back &&
        query.get('response_type') === 'code' &&
        query.get('code_challenge_method') === 'S256' &&
        (query.get('scope') ?? '').split(' ').includes('openid');
      if (!isRight || !challenge || !nonce || !state) return { status: 400 };
      const code = randomUUID();
      codes.set(code, { challenge, nonce });
      return { status: 302, headers: { location: `${back}?${new URLSearchParams({ code, state })}` } };
    }
    if (path === '/token' && method === 'POST') {
      const { code = '', code_verifier = '', client_secret, redirect_uri } = body as Record<string, string>;
      const asked = codes.get(code);
      codes.delete(code);
      const challenge = createHash('sha256').update(code_verifier).digest('base64url');
      if (client_secret !== clientSecret) return { status: 401, body: { error: 'invalid_client' } };
      if (!asked || asked.challenge !== challenge || redirect_uri !== back)
        return { status: 400, body: { error: 'invalid_grant' } };
      if (provider.refusal !== undefined)
        return { status: 400, body: { error: 'invalid_grant', error_description: provider.refusal } };
      const now = Math.floor(Date.now() / 1_000);
      const token = provider.spoil({
        ...{ iss: issuer, aud: CLIENT, sub: 'u1', iat: now, exp: now + 300, nonce: asked.nonce },
        ...provider.claims,
      });
      const signed = `${part({ alg: 'RS256', kid: '1' })}.${part(token)}`;
      const id_token = `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
      return {
        status: 200,
        body: { access_token: 'canary-access-token', token_type: 'Bearer', expires_in: 300, id_token },
      };
    }
    if (path === '/info' && headers.authorization === 'Bearer canary-access-token')
      return { status: 200, body: { sub: 'u1', ...provider.info } };
    return { status: 404 };
  });
  const provider: OidcProvider = Object.assign(server, {
    claims: {},
    info: {},
    spoil: (token: Record<string, unknown>) => token,
    refusal: undefined,
  });
  return provider;
}

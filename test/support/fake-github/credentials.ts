import { createPublicKey, createVerify } from 'node:crypto';
import type { Answer, Received } from '../harness/http-server.js';
import type { Route } from './route.js';

export interface FakeCredentials {
  readonly token?: string;
  readonly app?: FakeApp;
}

/** A GitHub App that is installed everywhere. */
export interface FakeApp {
  readonly id: string;
  readonly publicKey: string;
  readonly installationToken: string;
}

const BAD: Answer = { status: 401, body: { message: 'Bad credentials' } };

/** Returns the refusal of a request that comes without the right credential: undefined if it comes with it. */
export function refusalOf(request: Received, path: string, { token, app }: FakeCredentials): Answer | undefined {
  const [scheme = '', credential = ''] = (request.headers.authorization ?? '').split(' ');
  if (!/^(bearer|token)$/i.test(scheme)) return BAD;
  // The app speaks for itself by its signature, and for a repository by the token that it was given.
  const signedByApp = path.startsWith('/app') || path.endsWith('/installation');
  if (signedByApp) return app && isJwtOf(credential, app) ? undefined : BAD;
  return credential === (app?.installationToken ?? token) ? undefined : BAD;
}

/** Hands out the tokens of an app's installation, for one repository each. */
export function installations({ app }: FakeCredentials): Route {
  return ({ asked, body }) => {
    if (/^GET \/repos\/[^/]+\/[^/]+\/installation$/.test(asked)) return { status: 200, body: { id: 7001 } };
    if (asked !== 'POST /app/installations/7001/access_tokens') return undefined;
    if ((body.repositories as string[] | undefined)?.length !== 1)
      return { status: 422, body: { message: 'too much asked' } };
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    return { status: 201, body: { token: app?.installationToken, expires_at } };
  };
}

/** Source: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
function isJwtOf(jwt: string, app: FakeApp): boolean {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8') || '{}');
  if (read(header).alg !== 'RS256') return false;
  const { iat, exp, iss } = read(payload);
  const now = Date.now() / 1000;
  if (String(iss) !== app.id || iat > now || exp < now || exp - iat > 600) return false;
  const verifier = createVerify('RSA-SHA256').update(`${header}.${payload}`);
  return verifier.verify(createPublicKey(app.publicKey), signature, 'base64url');
}

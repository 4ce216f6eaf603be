import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { type LocalServer, startServer } from './harness/http-server.js';

/** A service that trusts an issuer of ID tokens, as clouds do. */
export interface RelyingParty extends LocalServer {
  /** What it has made of each token that it was shown, oldest first: the claims of one that it took, or why it took none. */
  readonly judged: (JWTPayload | string)[];
  /** Judges a token at a time, by default now. */
  judge(token: string, at?: Date): Promise<JWTPayload | string>;
}

/**
 * Starts a relying party that finds the issuer's keys by OpenID Connect Discovery, and takes tokens for one audience alone, in the header
 * `authorization` of a POST: it answers 200, or 401. Rejects where the issuer's documents are not as the specification wants them.
 */
export async function startRelyingParty({
  issuer,
  audience,
}: {
  readonly issuer: string;
  readonly audience: string;
}): Promise<RelyingParty> {
  const judged: RelyingParty['judged'] = [];
  const jwks = createRemoteJWKSet(new URL(await discover(issuer)), { cooldownDuration: 0 });
  const judge = async (token: string, currentDate = new Date()) => {
    const requiredClaims = ['sub', 'iat', 'nbf', 'exp', 'jti'];
    const options = { issuer, audience, algorithms: ['RS256'], typ: 'JWT', requiredClaims, currentDate };
    const verdict = await jwtVerify(token, jwks, options).then(
      ({ payload }) => payload,
      (error: unknown) => {
        if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired)
          return `${error.code} ${error.claim}`;
        if (error instanceof errors.JOSEError) return error.code;
        throw error;
      },
    );
    judged.push(verdict);
    return verdict;
  };
  const server = await startServer(async ({ method, headers }) => {
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
    if (method !== 'POST' || token === undefined) return { status: 400 };
    const verdict = await judge(token);
    return typeof verdict === 'string'
      ? { status: 401, body: { error: verdict } }
      : { status: 200, body: { ...verdict } };
  });
  return { ...server, judged, judge };
}

/** Returns the address of an issuer's keys. Source: OpenID Connect Discovery 1.0, sections 3 and 4. */
async function discover(issuer: string): Promise<string> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, { redirect: 'error' });
  if (response.status !== 200 || !/^application\/json\b/.test(response.headers.get('content-type') ?? ''))
    throw new Error(`${issuer} has no document: ${response.status}`);
  const document = (await response.json()) as Record<string, unknown>;
  if (document.issuer !== issuer) throw new Error(`the document of ${issuer} is that of ${document.issuer}`);
  const algorithms = document.id_token_signing_alg_values_supported;
  if (!Array.isArray(algorithms) || !algorithms.includes('RS256')) throw new Error('RS256 is not among its algorithms');
  for (const required of ['subject_types_supported', 'response_types_supported'])
    if (!Array.isArray(document[required])) throw new Error(`${required} is missing`);
  return String(document.jwks_uri);
}

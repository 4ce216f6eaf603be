import { ALGORITHM, publicKeyOf, type TokenKey } from './token-keys.js';

/** The path of an issuer's document below its address. Source: OpenID Connect Discovery 1.0, section 4. */
export const ISSUER_PATH = '/.well-known/openid-configuration';
/** The path of its keys. */
export const KEYS_PATH = '/.well-known/jwks';

/** The claims of the tokens, those that not all have too. */
const CLAIMS = [
  ...['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti'],
  ...['source', 'repository', 'repository_id', 'ref', 'ref_type', 'head_ref', 'base_ref', 'pull_request', 'sha'],
  ...['event_name', 'automation', 'run_id', 'run_attempt', 'job'],
];

/** Returns what an issuer says of itself. `url`: its address, without a slash at its end. */
export function issuerDocument(url: string): object {
  return {
    issuer: url,
    jwks_uri: `${url}${KEYS_PATH}`,
    subject_types_supported: ['public'],
    response_types_supported: ['id_token'],
    scopes_supported: ['openid'],
    id_token_signing_alg_values_supported: [ALGORITHM],
    claims_supported: CLAIMS,
  };
}

/** Returns the public keys that its tokens are verified with (JWKS). */
export function keySet(keys: readonly TokenKey[]): { readonly keys: readonly object[] } {
  return { keys: keys.map(publicKeyOf) };
}

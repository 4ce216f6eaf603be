import { z } from 'zod';
import { readClaims, signClaims } from '../../../callback-token.js';
import type { SignInSettings } from '../../../config/sign-in.js';
import type { Resolved } from '../../../secrets/resolved.js';
import type { Secret } from '../../../secrets/secret.js';
import { HttpError } from '../../http/http-error.js';
import { notAllowed } from './proxy-user.js';
import { derivedKey } from './session.js';
import { roleOf, type Visitor } from './visitor.js';

/** OpenID Connect as it is configured. */
export type OidcSettings = NonNullable<Resolved<SignInSettings>['oidc']>;

/** Signs people in by a provider: to there and back. Both throw {@link HttpError}: 502 where the provider does not answer as it should. */
export interface Oidc {
  /** Returns where a browser goes, and what it keeps until it comes back. `to`: where it wanted to. */
  begin(to: string): Promise<{ readonly address: string; readonly kept: string }>;
  /** Reads what the provider sent the browser back with. Throws also 400 for what was not begun here, 403 for who has no role. */
  finish(back: { readonly search: string; readonly kept: string | undefined }): Promise<{
    readonly visitor: Visitor;
    readonly to: string;
  }>;
}

/** How long somebody may take to sign in at the provider. */
export const KEPT_SECONDS = 600;
const DEADLINE_SECONDS = 10;

const keptSchema = z.strictObject({
  verifier: z.string().min(1),
  state: z.string().min(1),
  nonce: z.string().min(1),
  to: z.string(),
  expiresAt: z.number(),
});

/** Creates what signs people in by OpenID Connect: authorization code flow with PKCE, state and nonce. Loads its library when it is first used. */
export function createOidc(deps: {
  readonly settings: OidcSettings;
  readonly publicUrl: string;
  readonly apiToken: Secret;
  readonly now: () => number;
}): Oidc {
  const { settings, publicUrl, now } = deps;
  const key = derivedKey(deps.apiToken, 'hookyard page sign-in');
  const back = `${publicUrl}/sign-in/oidc/back`;
  const provider = createProvider(settings);
  return {
    async begin(to) {
      const { oidc, configuration } = await provider();
      const verifier = oidc.randomPKCECodeVerifier();
      const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
      const address = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: back,
        scope: settings.scopes.join(' '),
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...{ state, nonce },
      });
      const expiresAt = now() + KEPT_SECONDS * 1_000;
      return { address: address.href, kept: signClaims(key, { verifier, state, nonce, to, expiresAt }) };
    },
    async finish({ search, kept }) {
      const begun = kept && readClaims(key, { token: kept, now: now(), schema: keptSchema });
      if (!begun)
        throw new HttpError(400, 'the sign-in was not begun in this browser, or took too long: sign in again');
      const { oidc, configuration } = await provider();
      const told = await oidc
        .authorizationCodeGrant(configuration, new URL(`${back}${search}`), {
          pkceCodeVerifier: begun.verifier,
          expectedState: begun.state,
          expectedNonce: begun.nonce,
          idTokenExpected: true,
        })
        .then(async (tokens) => {
          const claims = tokens.claims();
          if (!claims) throw new Error('no ID token');
          if (settings.claim in claims) return claims;
          return { ...(await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)), sub: claims.sub };
        })
        .catch((error: unknown) => {
          throw new HttpError(502, `${settings.name} did not sign you in: ${reasonOf(error)}`);
        });
      return { visitor: visitorOf(told, settings), to: begun.to };
    },
  };
}

/** Returns what asks the provider for its addresses and keys, once; again after it has not answered. */
function createProvider({ issuer, clientId, clientSecret, name }: OidcSettings) {
  const find = async () => {
    const oidc = await import('openid-client');
    const url = new URL(issuer);
    const authentication = clientSecret ? oidc.ClientSecretPost(clientSecret.reveal()) : oidc.None();
    const configuration = await oidc.discovery(url, clientId, undefined, authentication, {
      timeout: DEADLINE_SECONDS,
      // The configuration takes no other address without TLS than one of this machine.
      execute: url.protocol === 'http:' ? [oidc.allowInsecureRequests] : [],
    });
    return { oidc, configuration };
  };
  let found: ReturnType<typeof find> | undefined;
  return async () => {
    found ??= find();
    return found.catch((error: unknown) => {
      found = undefined;
      throw new HttpError(502, `${name} does not answer as an OpenID Connect provider does: ${reasonOf(error)}`);
    });
  };
}

/** What a provider says is short, and quotes no token. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'for a reason that is not known';
}

function visitorOf(claims: { readonly [claim: string]: unknown }, settings: OidcSettings): Visitor {
  const names = [claims[settings.claim] ?? []].flat().filter((name) => typeof name === 'string');
  const who = String(claims.email ?? claims.preferred_username ?? claims.sub);
  // An address that nobody has checked may be anybody's.
  const isVerified = settings.claim !== 'email' || claims.email_verified !== false;
  const role = isVerified ? roleOf(names, settings) : undefined;
  if (role) return { who, role, how: 'oidc' };
  throw new HttpError(403, notAllowed(who, 'server.signIn.oidc'));
}

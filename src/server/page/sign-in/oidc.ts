import { z } from 'zod';
import { readClaims, signClaims } from '../../../callback-token.js';
import type { SignInSettings } from '../../../config/sign-in.js';
import { maskKnown } from '../../../secrets/mask.js';
import { maskText } from '../../../secrets/mask-values.js';
import type { Resolved } from '../../../secrets/resolved.js';
import type { Secret } from '../../../secrets/secret.js';
import { derivedKey } from '../../derived-key.js';
import { HttpError } from '../../http/http-error.js';
import { plainName } from '../../plain-name.js';
import { createBoundedFetch } from './bounded-fetch.js';
import { notAllowed } from './proxy-user.js';
import type { SignInLog } from './sign-in-log.js';
import { MAX_WHO, roleOf, type Visitor } from './visitor.js';

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
/** In characters. */
const MAX_REASON = 300;

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
  readonly signInLog: SignInLog;
  readonly now: () => number;
}): Oidc {
  const { settings, publicUrl, signInLog, now } = deps;
  const key = derivedKey(deps.apiToken, 'hookyard page sign-in');
  const back = `${publicUrl}/sign-in/oidc/back`;
  const provider = createProvider(settings, signInLog);
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
          const lacks = !(settings.claim in claims) || (settings.claim === 'email' && !('email_verified' in claims));
          if (!lacks || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
          const info = await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub);
          return { ...claims, ...info, sub: claims.sub };
        })
        .catch((error: unknown) => {
          signInLog('the OpenID Connect provider did not sign somebody in', { why: reasonOf(error) });
          throw new HttpError(502, `${settings.name} did not sign you in: ${messageOf(error)}`);
        });
      const { visitor, who } = visitorOf(told, settings);
      if (visitor) return { visitor, to: begun.to };
      signInLog('who has signed in by OpenID Connect is in no list', { who });
      throw new HttpError(403, notAllowed(who, 'server.signIn.oidc'));
    },
  };
}

/** Returns what asks the provider for its addresses and keys, once; again after it has not answered. */
function createProvider({ issuer, clientId, clientSecret, name }: OidcSettings, signInLog: SignInLog) {
  const find = async () => {
    const oidc = await import('openid-client');
    const url = new URL(issuer);
    const authentication = clientSecret ? oidc.ClientSecretPost(clientSecret.reveal()) : oidc.None();
    const configuration = await oidc.discovery(url, clientId, undefined, authentication, {
      timeout: DEADLINE_SECONDS,
      [oidc.customFetch]: createBoundedFetch(DEADLINE_SECONDS * 1_000),
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
      signInLog('the OpenID Connect provider does not answer as one', { why: reasonOf(error) });
      throw new HttpError(502, `${name} does not answer as an OpenID Connect provider does: ${messageOf(error)}`);
    });
  };
}

/** For who signs in. What a provider says is short, and quotes no token. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'for a reason that is not known';
}

/**
 * For the log: also what the provider answered, and what kept it from being asked. Masked before it is cut: it may quote what
 * it was sent.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error);
  const { error: code, error_description: description } = error as { error?: unknown; error_description?: unknown };
  const { cause } = error;
  const more = [code, description, cause instanceof Error ? cause.message : undefined];
  const words = [error.message, ...more.filter((one) => typeof one === 'string')].join(': ');
  return plainName(maskText(words, maskKnown), MAX_REASON);
}

/** Returns who signed in, by what the provider vouches for; without a role, only how they are called. */
function visitorOf(
  claims: { readonly [claim: string]: unknown },
  settings: OidcSettings,
): { readonly who: string; readonly visitor?: Visitor } {
  const text = (value: unknown) => (typeof value === 'string' ? plainName(value, MAX_WHO) : '');
  // Some providers say it as a text.
  const isVerified = claims.email_verified === true || claims.email_verified === 'true';
  const subject = text(claims.sub);
  // An address that nobody has checked may be anybody's, and what looks like one may be taken for one.
  const called = text(claims.preferred_username);
  const isName = settings.claim === 'preferred_username' || !called.includes('@');
  const who = (isVerified && text(claims.email)) || (isName && called) || subject;
  const told = settings.claim !== 'email' || isVerified ? [claims[settings.claim] ?? []].flat() : [];
  const names = told.filter((name): name is string => typeof name === 'string' && name !== '');
  const role = roleOf(names, settings);
  return role && who ? { who, visitor: { who, role, how: 'oidc', subject } } : { who };
}

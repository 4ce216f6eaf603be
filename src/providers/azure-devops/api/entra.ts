import { z } from 'zod';
import { rememberIssued } from '../../../secrets/known-secrets.js';
import { withoutSlash } from '../../api-base.js';
import { ProviderError } from '../../error.js';
import { parseResponse } from '../../parse.js';
import { createSend } from '../../send.js';
import type { AzureDevopsSource } from '../settings.js';

/** The tokens that Microsoft Entra issues to an application. */
export interface EntraTokens {
  /** Returns a token that is valid for a while. Throws {@link ProviderError}. */
  token(): Promise<string>;
  /** Azure DevOps did not accept a token: the next one is fetched anew. */
  forget(token: string): void;
}

type Entra = NonNullable<NonNullable<AzureDevopsSource['api']>['entra']>;

/** Azure DevOps' own id in every directory. */
const SCOPE = '499b84ac-1321-427f-aa17-267ca6975798/.default';
/** How long before its end a token is renewed, at most. */
const MARGIN_MS = 5 * 60_000;

const tokenSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  /** In seconds; older authorities write digits. */
  expires_in: z.coerce.number().min(0),
});
const refusalSchema = z.object({
  error: z.string().regex(/^\w{1,100}$/),
  /** `AADSTS` numbers. */
  error_codes: z.array(z.int()).nullish(),
});

interface Kept {
  readonly token: string;
  /** Unix ms. */
  readonly renewAt: number;
}

/**
 * Returns the tokens of an application, fetched with its secret and kept until five minutes before they end. Requests at
 * the same time share one. Throws {@link ProviderError} (`not configured`) without a secret.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function createEntraTokens(name: string, { tenant, clientId, clientSecret, authority }: Entra): EntraTokens {
  const option = `sources.${name}.api.entra`;
  if (!clientSecret)
    throw new ProviderError('not configured', `source ${name} has no API credentials: set ${option}.clientSecret`);
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret.reveal(),
    scope: SCOPE,
  };
  const send = createSend({ source: name, what: `the login of source ${name}`, base: withoutSlash(authority) });
  let kept: Kept | undefined;
  let underWay: Promise<Kept> | undefined;

  async function fetchToken(): Promise<Kept> {
    const asked = Date.now();
    const path = `/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
    const { status, json } = await send({ method: 'POST', path, form, accept: [400, 401] });
    if (status !== 200) throw refusal(option, { status, json });
    const read = parseResponse(tokenSchema, json, { what: `the token from the login of source ${name}`, status });
    const lifetime = read.expires_in * 1000;
    rememberIssued('token', read.access_token, asked + lifetime);
    return { token: read.access_token, renewAt: asked + lifetime - Math.min(MARGIN_MS, lifetime / 2) };
  }

  return {
    async token() {
      if (kept && kept.renewAt > Date.now()) return kept.token;
      underWay ??= fetchToken().finally(() => {
        underWay = undefined;
      });
      kept = await underWay;
      return kept.token;
    },
    forget(token) {
      if (kept?.token === token) kept = undefined;
    },
  };
}

/** The description is left out: it is long, and holds what changes each time. The number leads to it. */
function refusal(option: string, { status, json }: { status: number; json: unknown }): ProviderError {
  const { data } = refusalSchema.safeParse(json);
  const because = [data?.error, ...(data?.error_codes ?? []).slice(0, 5).map((code) => `AADSTS${code}`)].filter(
    Boolean,
  );
  return new ProviderError(
    'not configured',
    `Microsoft Entra answered ${status} to ${option}${because.length > 0 ? ` (${because.join(', ')})` : ''}: correct its tenant, clientId or clientSecret, which may have expired`,
    { status },
  );
}

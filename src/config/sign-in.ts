import { z } from 'zod';
import { httpUrl } from '../providers/settings.js';
import { secretOf } from '../secrets/reference.js';
import { password } from '../secrets/secret-kinds.js';
import type { TrustedProxies } from './trusted-proxies.js';

const people = z
  .array(z.string().min(1))
  .default([])
  .describe("names as the sign-in tells them; '*' means everybody that it lets in");

/** Who may do what, of those that a way to sign in tells of. Who is in neither list is refused. */
const roles = {
  operators: people.describe("who may change things; '*' means everybody"),
  viewers: people.describe("who may look; '*' means everybody"),
};

const anybody = ({ operators, viewers }: { operators: readonly string[]; viewers: readonly string[] }) =>
  operators.length + viewers.length > 0;
const NOBODY = 'lets nobody in: name operators, viewers or both';

/** Returns whether nobody on the way to an address can answer in its place: without TLS, anybody could say who somebody is. */
export function isSafe(url: string): boolean {
  return /^https:|^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?:[:/]|$)/.test(url);
}

/** How people sign in to the page, beside the API token. */
export const signIn = z
  .strictObject({
    loopback: z
      .enum(['open', 'required'], "must be 'open' or 'required'")
      .optional()
      .describe(
        'whether who opens the page on this machine has to sign in: open by default, until something shows that others reach it',
      ),
    proxy: z
      .strictObject({
        header: z
          .string()
          .regex(/^[a-z0-9-]+$/i, 'must be the name of a header, X-Forwarded-User for example')
          .transform((name) => name.toLowerCase()),
        ...roles,
      })
      .refine(anybody, NOBODY)
      .optional()
      .describe('a header in which a trusted proxy tells who has signed in to it'),
    oidc: z
      .strictObject({
        issuer: httpUrl
          .refine(isSafe, 'must begin with https://, unless it is on this machine')
          .describe('its address, under which /.well-known/openid-configuration lies'),
        clientId: z.string().min(1),
        clientSecret: secretOf(password).optional(),
        name: z.string().min(1).max(50).default('single sign-on').describe('as the button calls it'),
        scopes: z.array(z.string().min(1)).default(['openid', 'profile', 'email']),
        claim: z
          .string()
          .min(1)
          .default('email')
          .describe('which claim says who somebody is, or which groups they are in'),
        ...roles,
      })
      .refine(anybody, NOBODY)
      .optional()
      .describe('OpenID Connect'),
  })
  .prefault({});

/** How people sign in to the page. */
export type SignInSettings = z.output<typeof signIn>;

/**
 * Refuses what would let everybody in who says so: a header with a name counts only from proxies with known addresses, and a provider
 * sends people back only to a known address.
 */
export function checkSignIn(
  {
    trustedProxies,
    publicUrl,
    signIn,
  }: {
    readonly trustedProxies: TrustedProxies;
    readonly publicUrl?: string | undefined;
    readonly signIn: SignInSettings;
  },
  context: z.RefinementCtx,
): void {
  if (signIn.proxy && (typeof trustedProxies === 'number' || trustedProxies.length === 0))
    context.addIssue({
      code: 'custom',
      path: ['signIn', 'proxy'],
      message: 'needs server.trustedProxies as a list of addresses: whoever else sends the header is not believed',
    });
  if (signIn.oidc && publicUrl === undefined)
    context.addIssue({
      code: 'custom',
      path: ['signIn', 'oidc'],
      message: 'needs server.publicUrl: people are sent back to <publicUrl>/sign-in/oidc/back',
    });
}

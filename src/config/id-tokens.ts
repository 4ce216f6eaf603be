import { z } from 'zod';
import { secretOf } from '../secrets/reference.js';
import { tokenKey } from '../secrets/token-key.js';
import { isSafe } from './sign-in.js';

/** Whether jobs get ID tokens by which other services know them, and what signs those. */
export const idTokens = z
  .strictObject({
    keys: z
      .array(secretOf(tokenKey))
      .min(1)
      .prefault([{ env: 'HOOKYARD_ID_TOKEN_KEY', otherwise: { generated: 'id-token-key' } }])
      .describe('RSA private keys in PEM form: the first signs, all are published'),
  })
  .optional()
  .describe('ID tokens for jobs, which idToken() stands for; off by default');

/** Refuses an issuer that nobody can find, or that somebody on the way could speak for. */
export function checkIdTokens(
  { publicUrl, idTokens }: { readonly publicUrl?: string | undefined; readonly idTokens?: object | undefined },
  context: z.RefinementCtx,
): void {
  if (!idTokens || (publicUrl !== undefined && isSafe(publicUrl))) return;
  const needs =
    publicUrl === undefined ? 'needs server.publicUrl' : 'needs a server.publicUrl that begins with https://';
  context.addIssue({
    code: 'custom',
    path: ['idTokens'],
    message: `${needs}: relying parties get the keys from <publicUrl>/.well-known/openid-configuration`,
  });
}

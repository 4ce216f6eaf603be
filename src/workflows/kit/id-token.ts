import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import type { IdToken } from '../../activities/contract/index.js';
import { refuseUnknown } from './known-options.js';

/** What is asked of an ID token. */
export interface IdTokenOptions {
  /** Who is to accept it, the `aud` claim: `'sts.amazonaws.com'`, `'api://AzureADTokenExchange'`, … */
  readonly audience: string;
  /** How long it counts, from the start of its step: milliseconds, or words. Default 10 minutes; from 1 minute to 1 hour. */
  readonly lifetime?: Duration;
}

/** Runs that an older version started go on with options that there are none of. */
const REFUSES = 'refuses-unknown-options-of-id-tokens';
const MINUTE_MS = 60_000;
const MAX_AUDIENCE = 500;

/**
 * Stands, in a job's `env`, for a token by which a cloud or another service can tell which repository, ref and automation a step runs
 * for, so that it needs no key of its own: docs/identity.md. A worker signs it when the step starts; it never enters the workflow or its
 * history. A job whose code may be a stranger's gets none. Throws for options that can't be.
 *
 * @example
 * import { automation, idToken, push, runJob } from 'hookyard/workflow';
 *
 * export const deploy = automation({ on: push({ branches: ['main'] }) }, async (event) => {
 *   await runJob(event, {
 *     name: 'deploy',
 *     steps: [
 *       {
 *         name: 'upload',
 *         run: 'umask 077; printf %s "$ID_TOKEN" > "$TMPDIR/token"; AWS_WEB_IDENTITY_TOKEN_FILE="$TMPDIR/token" aws s3 sync dist s3://acme',
 *         env: { ID_TOKEN: idToken({ audience: 'sts.amazonaws.com' }), AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/deploy' },
 *       },
 *     ],
 *   });
 * });
 */
export function idToken(options: IdTokenOptions): IdToken {
  refuseUnknown('idToken', options, { audience: true, lifetime: true }, REFUSES);
  const { audience, lifetime } = options;
  if (typeof audience !== 'string' || audience.trim() === '' || audience.length > MAX_AUDIENCE)
    throw new Error(
      `idToken(): "audience" must be a text of at most ${MAX_AUDIENCE} characters that says who accepts the token`,
    );
  return { idToken: { audience, ...(lifetime !== undefined && { lifetimeMs: readLifetime(lifetime) }) } };
}

function readLifetime(lifetime: Duration): number {
  let ms = Number.NaN;
  try {
    ms = msToNumber(lifetime);
  } catch {
    // Said below.
  }
  if (ms >= MINUTE_MS && ms <= 60 * MINUTE_MS) return ms;
  throw new Error(`idToken(): "lifetime" must be from 1 minute to 1 hour, not ${JSON.stringify(lifetime)}`);
}

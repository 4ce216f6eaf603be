import { z } from 'zod';
import { readClaims, signClaims } from '../../callback-token.js';
import type { Secret } from '../../secrets/secret.js';
import { derivedKey } from '../derived-key.js';

/** Says on the next page that something was done: only where it was, and for a minute. */
export interface Done {
  /** Returns a text for a query which says that an action was done. `path`: of the action. */
  sign(path: string): string;
  /** Returns the path of the action that was done; undefined for a text that was not signed here, or is old. */
  read(token: string): string | undefined;
}

const MS = 60_000;
const schema = z.strictObject({ done: z.string(), expiresAt: z.number() });

/** Creates it with a key of its own, so that no link which others make says so. */
export function createDone({ apiToken, now }: { readonly apiToken: Secret; readonly now: () => number }): Done {
  const key = derivedKey(apiToken, 'hookyard page done');
  return {
    sign: (done) => signClaims(key, { done, expiresAt: now() + MS }),
    read: (token) => readClaims(key, { token, now: now(), schema })?.done,
  };
}

import { msOf } from '../providers/duration.js';
import type { Source } from '../providers/source.js';
import { HttpError } from './http/http-error.js';

/** Holds sources to the `limit` of their configuration. */
export interface SourceLimit {
  /**
   * Counts a verified delivery. Throws {@link HttpError} 429 with `Retry-After` if its source has used up what it may
   * send; such a delivery is not counted.
   */
  take(of: { readonly name: string; readonly source: Pick<Source, 'limit'>; readonly bytes: number }): void;
  /** Returns how many deliveries of a source were refused; undefined if none was within the last hour. */
  refused(name: string): Refused | undefined;
}

/** What was refused of a source, with no hour's pause in between. */
export interface Refused {
  readonly count: number;
  /** When the last one was, in Unix ms. */
  readonly last: number;
}

const REMEMBERED_MS = 3_600_000;

interface Bucket {
  /** What may still come; below nothing once more has come than was there. */
  readonly left: number;
  /** When that was so, in milliseconds. */
  readonly at: number;
}

/**
 * Returns a limit under which every source may send at once all that it is allowed. It is the token bucket (RFC 2697), one
 * for deliveries and one for bytes. A delivery passes as long as one of each is left: a body that is larger than all that is
 * allowed is let through too, and those behind it wait the longer.
 *
 * Kept in memory, by each process for itself: two receivers let through twice as much. `now` is in milliseconds by a clock
 * that nobody sets.
 */
export function createSourceLimit(now: () => number = () => performance.now()): SourceLimit {
  const buckets = new Map<string, Bucket>();
  const refusals = new Map<string, { readonly count: number; readonly at: number; readonly last: number }>();

  function recent(name: string) {
    const known = refusals.get(name);
    return known && now() - known.at < REMEMBERED_MS ? known : undefined;
  }

  return {
    take({ name, source: { limit }, bytes }) {
      if (!limit) return;
      const perMs = msOf(limit.per);
      const at = now();
      const taken: [string, Bucket][] = [];
      const wanted = { deliveries: 1, bytes };
      for (const what of ['deliveries', 'bytes'] as const) {
        const most = limit[what];
        if (most === undefined) continue;
        const known = buckets.get(`${name} ${what}`) ?? { left: most, at };
        const left = Math.min(most, known.left + ((at - known.at) * most) / perMs);
        if (left < 1) {
          refusals.set(name, { count: (recent(name)?.count ?? 0) + 1, at, last: Date.now() });
          throw limited(`${most} ${what} in ${limit.per}`, ((1 - left) * perMs) / most);
        }
        taken.push([`${name} ${what}`, { left: left - wanted[what], at }]);
      }
      for (const [key, bucket] of taken) buckets.set(key, bucket);
    },
    refused(name) {
      const known = recent(name);
      return known && { count: known.count, last: known.last };
    },
  };
}

/** The message is the same each time, so that the log can sum up. */
function limited(allowed: string, waitMs: number): HttpError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new HttpError(429, `this source has sent more than its limit of ${allowed} allows: send it again later`, {
    'retry-after': String(seconds),
  });
}

import type { DispatchFailure } from './failure.js';
import type { GrpcCode } from './grpc-code.js';

/**
 * Tells a dispatch that always fails from a Temporal that fails everybody. A failure counts against the dispatch only
 * if Temporal has accepted another one since its last try; while Temporal accepts none, nothing counts, however long
 * that is. Kept in memory: another server, or the next process, counts anew.
 *
 * Each `now` is in milliseconds by a monotonic clock (`performance.now()`).
 */
export interface PoisonDetector {
  /** Counts that Temporal accepted this dispatch. */
  accepted(id: string): void;
  /** Counts a failure, and returns whose fault it is. */
  failed(id: string, failure: DispatchFailure, now: number): Diagnosis;
  /** Forgets a dispatch that is not tried again. */
  forget(id: string): void;
}

/** Whose fault a failure is. */
export interface Diagnosis {
  /**
   * - `server`: it may well be Temporal.
   * - `self`: others are accepted, and this one is not, again and again.
   * - `poison`: so often and for so long that it is given up.
   */
  readonly cause: 'server' | 'self' | 'poison';
  /** Tries that count against the dispatch. */
  readonly tries: number;
}

/** How often and how long a dispatch fails before it is poison. */
export interface PoisonThreshold {
  /** At least so many tries that count against it, … */
  readonly tries: number;
  /** … and at least so long since the first of them, in milliseconds. */
  readonly ms: number;
  /** The same for transient errors: a part of Temporal may be away for long, with the runs that it keeps. */
  readonly transientMs: number;
}

const THRESHOLD: PoisonThreshold = { tries: 10, ms: 5 * 60_000, transientMs: 60 * 60_000 };
const TRANSIENT: readonly (GrpcCode | undefined)[] = [
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'ABORTED',
  'CANCELLED',
];
/** With so many tries, it is hardly chance. */
const SELF_TRIES = 3;
/**
 * The one that failed longest ago is forgotten first. With fewer, many that fail by turns would never be recognised.
 */
const MAX_SUSPECTS = 20_000;

/** Returns a detector that has seen nothing. */
export function createPoisonDetector(change: Partial<PoisonThreshold> = {}): PoisonDetector {
  const threshold = { ...THRESHOLD, ...change };
  const suspects = new Map<string, { tries: number; since: number; acceptedBefore: number }>();
  let accepted = 0;
  return {
    accepted(id) {
      accepted += 1;
      suspects.delete(id);
    },
    failed(id, { kind, code }, now) {
      const known = suspects.get(id);
      const counts = kind === 'odd' || (known !== undefined && accepted > known.acceptedBefore);
      // The second one shows that the first counts as well.
      const first = kind === 'odd' ? 0 : 1;
      const tries = counts ? Math.max(first, known?.tries ?? 0) + 1 : (known?.tries ?? 0);
      const since = known && known.tries > 0 ? known.since : now;
      suspects.delete(id);
      suspects.set(id, { tries, since, acceptedBefore: accepted });
      const [oldest] = suspects.keys();
      if (suspects.size > MAX_SUSPECTS && oldest !== undefined) suspects.delete(oldest);
      const enoughMs = kind === 'odd' ? 0 : TRANSIENT.includes(code) ? threshold.transientMs : threshold.ms;
      if (counts && tries >= threshold.tries && now - since >= enoughMs) return { cause: 'poison', tries };
      return { cause: kind === 'odd' || tries >= SELF_TRIES ? 'self' : 'server', tries };
    },
    forget: (id) => void suspects.delete(id),
  };
}

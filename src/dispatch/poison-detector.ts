import type { DispatchFailure } from './failure.js';
import type { GrpcCode } from './grpc-code.js';

/**
 * Tells a dispatch that always fails from a Temporal that fails everybody. What fails counts against the dispatch itself
 * only where Temporal has taken another one since its last try; while Temporal takes none, nothing counts, however long
 * that is. Kept in memory: another server, or the next process, counts anew.
 *
 * Each `now` is in milliseconds, by a clock that nobody sets (`performance.now()`).
 */
export interface PoisonDetector {
  /** Temporal took it. */
  taken(id: string): void;
  failed(id: string, failure: DispatchFailure, now: number): Suspicion;
  /** It is not tried again. */
  forget(id: string): void;
}

export interface Suspicion {
  /**
   * - `temporal`: it may well be Temporal.
   * - `own`: others are taken, and this one is not, again and again.
   * - `poison`: so often and for so long that it is to be given up.
   */
  readonly blame: 'temporal' | 'own' | 'poison';
  /** Tries that count against it. */
  readonly tries: number;
}

/** How much is borne with before a dispatch is given up. */
export interface Patience {
  /** That many of its own tries at least, … */
  readonly tries: number;
  /** … and this long at least since the first of them, in milliseconds. */
  readonly ms: number;
  /** The same for errors that say "come again": a part of Temporal may be away for long, with the runs it keeps. */
  readonly passingMs: number;
}

const PATIENCE: Patience = { tries: 10, ms: 5 * 60_000, passingMs: 60 * 60_000 };
const PASSING: readonly (GrpcCode | undefined)[] = [
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'ABORTED',
  'CANCELLED',
];
/** By then, it is hardly chance. */
const OWN_TRIES = 3;
/** Those whose failure is longest ago are forgotten first: with fewer, many that fail by turns would never be known. */
const MAX = 20_000;

export function createPoisonDetector(change: Partial<Patience> = {}): PoisonDetector {
  const patience = { ...PATIENCE, ...change };
  const suspects = new Map<string, { tries: number; since: number; takenBefore: number }>();
  let taken = 0;
  return {
    taken(id) {
      taken += 1;
      suspects.delete(id);
    },
    failed(id, { kind, code }, now) {
      const known = suspects.get(id);
      const isOwn = kind === 'odd' || (known !== undefined && taken > known.takenBefore);
      // The second one shows that the first was its own as well.
      const first = kind === 'odd' ? 0 : 1;
      const tries = isOwn ? Math.max(first, known?.tries ?? 0) + 1 : (known?.tries ?? 0);
      const since = known && known.tries > 0 ? known.since : now;
      suspects.delete(id);
      suspects.set(id, { tries, since, takenBefore: taken });
      const [oldest] = suspects.keys();
      if (suspects.size > MAX && oldest !== undefined) suspects.delete(oldest);
      const enoughMs = kind === 'odd' ? 0 : PASSING.includes(code) ? patience.passingMs : patience.ms;
      if (isOwn && tries >= patience.tries && now - since >= enoughMs) return { blame: 'poison', tries };
      return { blame: kind === 'odd' || tries >= OWN_TRIES ? 'own' : 'temporal', tries };
    },
    forget: (id) => void suspects.delete(id),
  };
}

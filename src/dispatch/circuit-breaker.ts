import { backoffMs } from '../async/backoff.js';

/**
 * Decides how many dispatches may begin, by whether Temporal answers:
 * - closed: it accepts what it is given, and all may begin;
 * - open: it does not answer, and one at a time may begin as a probe, so that thousands of stored deliveries do not
 *   each spend an attempt and a deadline on it;
 * - throttled: it answers but has accepted nothing for a while, as when the shards of these runs are lost. Others may
 *   be accepted, so some may begin each second.
 *
 * Each `now` is in milliseconds by a monotonic clock (`performance.now()`): a computer's time that is set back by an
 * hour must not keep the breaker open for that hour.
 */
export interface CircuitBreaker {
  /** Returns how many of `free` dispatches may begin. */
  permits(free: number, now: number): number;
  /** Returns the milliseconds until the next dispatch may begin; 0 while the breaker is closed. */
  waitMs(now: number): number;
  /** Counts a dispatch that begins. Its outcome is reported to the permit. */
  acquire(now: number): Permit;
}

/** Leave to call Temporal once. */
export interface Permit {
  /** Temporal answered, with a yes or a final no: the breaker closes. */
  answered(now: number): void;
  /** Temporal did not answer, or answers everybody alike that it can't: the breaker opens. */
  failed(now: number, error: string): void;
  /** Temporal did not accept this one, but answers a question that has nothing to do with it: throttled. */
  rejected(now: number, error: string): void;
  /** The attempt says nothing about Temporal: another one may probe. */
  unknown(): void;
}

/** What a circuit breaker tells of itself. */
export interface BreakerEvents {
  /** Temporal does not answer, or answers and accepts nothing, for longer than a hiccup. */
  unavailable(error: string, how: { readonly answers: boolean }): void;
  /** Follows each `unavailable` once. */
  available(outageMs: number): void;
}

/** How long all may begin while Temporal accepts nothing, and how many may begin in a second after that. */
const UNTHROTTLED_MS = 10_000;
const MAX_PER_SECOND = 16;
const SECOND_MS = 1_000;
const PROBE = { firstMs: 250, maxMs: 5_000 };
/** An outage is reported after so many failures in a row, or so long without an answer to anybody. */
const FAILURES_TO_REPORT = 3;
const SILENCE_TO_REPORT_MS = 3_000;
/** A Temporal that answers now and then is reported at most this often. */
const QUIET_MS = 5_000;

interface Outage {
  readonly since: number;
  isOpen: boolean;
  isReported: boolean;
  failures: number;
  probes: number;
  nextProbeAt: number;
  isProbing: boolean;
  /** The second that is counted while throttled, and how many began in it. */
  secondSince: number;
  inSecond: number;
}

/** Returns a closed breaker. */
export function createCircuitBreaker(events: BreakerEvents): CircuitBreaker {
  let outage: Outage | undefined;
  let answers = 0;
  let reportedEndAt = Number.NEGATIVE_INFINITY;

  const report = (state: Outage, error: string, { now, isSure }: { now: number; isSure: boolean }) => {
    const isNew = now - reportedEndAt > QUIET_MS || now - state.since > QUIET_MS;
    if (state.isReported || !isSure || !isNew) return;
    state.isReported = true;
    events.unavailable(error, { answers: !state.isOpen });
  };
  /** Returns how many may begin now while Temporal answers and accepts nothing. */
  const throttled = (state: Outage, now: number) => {
    if (now - state.since < UNTHROTTLED_MS) return Number.POSITIVE_INFINITY;
    return now - state.secondSince < SECOND_MS ? Math.max(0, MAX_PER_SECOND - state.inSecond) : MAX_PER_SECOND;
  };
  return {
    permits(free, now) {
      if (!outage) return free;
      if (outage.isOpen) return outage.isProbing || now < outage.nextProbeAt ? 0 : Math.min(free, 1);
      return Math.min(free, throttled(outage, now));
    },
    waitMs(now) {
      if (outage?.isOpen) return Math.max(0, outage.nextProbeAt - now);
      return outage && throttled(outage, now) === 0 ? outage.secondSince + SECOND_MS - now : 0;
    },
    acquire(began) {
      const probed = outage?.isOpen ? outage : undefined;
      const answersBefore = answers;
      if (probed) probed.isProbing = true;
      else if (outage) {
        const isNewSecond = began - outage.secondSince >= SECOND_MS;
        outage.secondSince = isNewSecond ? began : outage.secondSince;
        outage.inSecond = isNewSecond ? 1 : outage.inSecond + 1;
      }
      return {
        answered(now) {
          answers += 1;
          if (!outage) return;
          const { since, isReported } = outage;
          outage = undefined;
          if (!isReported) return;
          reportedEndAt = now;
          events.available(now - since);
        },
        failed(now, error) {
          // Others have had an answer since this one began: it is one slow call, and not Temporal.
          if (answers !== answersBefore) return;
          outage ??= beginOutage(now);
          if (!outage.isOpen || outage === probed) {
            outage.isOpen = true;
            outage.probes += 1;
            outage.nextProbeAt = now + backoffMs(outage.probes, PROBE);
            outage.isProbing = false;
          }
          outage.failures += 1;
          const isSure = outage.failures >= FAILURES_TO_REPORT || now - began >= SILENCE_TO_REPORT_MS;
          report(outage, error, { now, isSure });
        },
        rejected(now, error) {
          if (answers !== answersBefore) return;
          outage ??= beginOutage(now);
          outage.isOpen = false;
          outage.isProbing = false;
          outage.probes = 0;
          outage.failures += 1;
          const isSure = outage.failures >= FAILURES_TO_REPORT && now - outage.since >= SILENCE_TO_REPORT_MS;
          report(outage, error, { now, isSure });
        },
        unknown() {
          if (outage && outage === probed) outage.isProbing = false;
        },
      };
    },
  };
}

function beginOutage(since: number): Outage {
  return {
    since,
    isOpen: false,
    isReported: false,
    failures: 0,
    probes: 0,
    nextProbeAt: since,
    isProbing: false,
    secondSince: since,
    inSecond: 0,
  };
}

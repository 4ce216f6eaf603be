import { backoffMs } from '../async/backoff.js';

/**
 * Remembers whether Temporal answers. While it does not, one dispatch at a time is let through to find out, so that
 * thousands of stored deliveries don't each spend an attempt and a deadline on it. While it answers and only does not take
 * what it is given, as when a part of its runs can't be reached, all go on: others may be taken. When none has been for a
 * while, so many a second go on: each may be one that is.
 *
 * Each `now` is in milliseconds, by a clock that nobody sets (`performance.now()`): a computer's time that is put right
 * by an hour must not keep the gate closed for that hour.
 */
export interface CircuitBreaker {
  /** How many dispatches may begin, of `free`. */
  allows(free: number, now: number): number;
  /** Milliseconds until a next one may; 0 while Temporal answers. */
  waitMs(now: number): number;
  /** A dispatch begins. Its outcome goes to the ticket. */
  enter(now: number): GateTicket;
}

export interface GateTicket {
  /** Temporal said something, be it no. */
  answered(now: number): void;
  /** Temporal did not answer, or answers everybody alike that it can't. */
  failed(error: string, now: number): void;
  /** It did not take this one, but does answer a question that has nothing to do with it. */
  heard(error: string, now: number): void;
  /** It was not found out: another one may try. */
  unknown(): void;
}

export interface GateEvents {
  /** It does not answer, or answers and takes nothing; and that is no hiccup. */
  away(error: string, how: { readonly answers: boolean }): void;
  /** Once after each `away`. */
  back(awayMs: number): void;
}

/** How long nothing is taken before those that are let through are counted, and how many are in a second. */
const BORNE_MS = 10_000;
const MAX_A_SECOND = 16;
const SECOND_MS = 1_000;
const PROBE = { firstMs: 250, maxMs: 5_000 };
/** So many in a row, or for so long no answer to anybody: less is a hiccup, which is nobody's business. */
const FAILURES_TO_TELL = 3;
const SILENCE_TO_TELL_MS = 3_000;
/** A Temporal that answers now and then is told of now and then. */
const LULL_MS = 5_000;

interface Away {
  readonly since: number;
  /** It does not even answer. */
  closed: boolean;
  failures: number;
  told: boolean;
  probes: number;
  nextAt: number;
  probing: boolean;
  /** How many were let through since then, while it answers and takes nothing. */
  countedFrom: number;
  counted: number;
}

export function createCircuitBreaker(events: GateEvents): CircuitBreaker {
  let away: Away | undefined;
  let answers = 0;
  let toldBackAt = Number.NEGATIVE_INFINITY;

  const tell = (state: Away, error: string, { now, isSure }: { now: number; isSure: boolean }) => {
    const isNew = now - toldBackAt > LULL_MS || now - state.since > LULL_MS;
    if (state.told || !isSure || !isNew) return;
    state.told = true;
    events.away(error, { answers: !state.closed });
  };
  /** How many may begin now of those that are counted, because Temporal answers and takes nothing. */
  const left = (state: Away, now: number) => {
    if (now - state.since < BORNE_MS) return Number.POSITIVE_INFINITY;
    return now - state.countedFrom < SECOND_MS ? Math.max(0, MAX_A_SECOND - state.counted) : MAX_A_SECOND;
  };
  return {
    allows(free, now) {
      if (!away) return free;
      if (away.closed) return away.probing || now < away.nextAt ? 0 : Math.min(free, 1);
      return Math.min(free, left(away, now));
    },
    waitMs(now) {
      if (away?.closed) return Math.max(0, away.nextAt - now);
      return away && left(away, now) === 0 ? away.countedFrom + SECOND_MS - now : 0;
    },
    enter(began) {
      const probed = away?.closed ? away : undefined;
      const answersBefore = answers;
      if (probed) probed.probing = true;
      else if (away) {
        const isNewSecond = began - away.countedFrom >= SECOND_MS;
        away.countedFrom = isNewSecond ? began : away.countedFrom;
        away.counted = isNewSecond ? 1 : away.counted + 1;
      }
      return {
        answered(now) {
          answers += 1;
          if (!away) return;
          const { since, told } = away;
          away = undefined;
          if (!told) return;
          toldBackAt = now;
          events.back(now - since);
        },
        failed(error, now) {
          // Others have had an answer since this one began: it is one slow call, and not Temporal.
          if (answers !== answersBefore) return;
          away ??= begun(now);
          if (!away.closed || away === probed) {
            away.closed = true;
            away.probes += 1;
            away.nextAt = now + backoffMs(away.probes, PROBE);
            away.probing = false;
          }
          away.failures += 1;
          const isSure = away.failures >= FAILURES_TO_TELL || now - began >= SILENCE_TO_TELL_MS;
          tell(away, error, { now, isSure });
        },
        heard(error, now) {
          if (answers !== answersBefore) return;
          away ??= begun(now);
          away.closed = false;
          away.probing = false;
          away.probes = 0;
          away.failures += 1;
          const isSure = away.failures >= FAILURES_TO_TELL && now - away.since >= SILENCE_TO_TELL_MS;
          tell(away, error, { now, isSure });
        },
        unknown() {
          if (away && away === probed) away.probing = false;
        },
      };
    },
  };
}

function begun(since: number): Away {
  return {
    since,
    closed: false,
    failures: 0,
    told: false,
    probes: 0,
    nextAt: since,
    probing: false,
    countedFrom: since,
    counted: 0,
  };
}

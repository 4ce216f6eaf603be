import { backoffMs } from './backoff.js';

/**
 * Remembers whether Temporal answers. While it does not, one dispatch at a time is let through to find out, so that
 * thousands of stored deliveries don't each spend an attempt and a deadline on it.
 *
 * Each `now` is in milliseconds, by a clock that nobody sets (`performance.now()`): a computer's time that is put right
 * by an hour must not keep the gate closed for that hour.
 */
export interface EngineGate {
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
  /** It was not found out: another one may try. */
  unknown(): void;
}

export interface GateEvents {
  /** It does not answer, and that is no hiccup. */
  away(error: string): void;
  /** Once after each `away`. */
  back(awayMs: number): void;
}

const PROBE = { firstMs: 250, mostMs: 5_000 };
/** So many in a row, or for so long no answer to anybody: less is a hiccup, which is nobody's business. */
const FAILURES_TO_TELL = 3;
const SILENCE_TO_TELL_MS = 3_000;
/** A Temporal that answers now and then is told of now and then. */
const LULL_MS = 5_000;

interface Away {
  readonly since: number;
  failures: number;
  told: boolean;
  probes: number;
  nextAt: number;
  probing: boolean;
}

export function createEngineGate(events: GateEvents): EngineGate {
  let away: Away | undefined;
  let answers = 0;
  let toldBackAt = Number.NEGATIVE_INFINITY;
  return {
    allows(free, now) {
      if (!away) return free;
      return away.probing || now < away.nextAt ? 0 : Math.min(free, 1);
    },
    waitMs: (now) => (away ? Math.max(0, away.nextAt - now) : 0),
    enter(began) {
      const probed = away;
      const answersBefore = answers;
      if (away) away.probing = true;
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
          if (!away) {
            const nextAt = now + backoffMs(1, PROBE);
            away = { since: now, failures: 0, told: false, probes: 1, nextAt, probing: false };
          } else if (away === probed) {
            away.probes += 1;
            away.nextAt = now + backoffMs(away.probes, PROBE);
            away.probing = false;
          }
          away.failures += 1;
          const isSure = away.failures >= FAILURES_TO_TELL || now - began >= SILENCE_TO_TELL_MS;
          const isNew = now - toldBackAt > LULL_MS || now - away.since > LULL_MS;
          if (away.told || !isSure || !isNew) return;
          away.told = true;
          events.away(error);
        },
        unknown() {
          if (away && away === probed) away.probing = false;
        },
      };
    },
  };
}

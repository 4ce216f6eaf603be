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
  enter(): GateTicket;
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
  away(error: string): void;
  back(awayMs: number): void;
}

const PROBE = { firstMs: 250, mostMs: 5_000 };

export function createEngineGate(events: GateEvents): EngineGate {
  let away: { since: number; probes: number; nextAt: number; probing: boolean } | undefined;
  let answers = 0;
  return {
    allows(free, now) {
      if (!away) return free;
      return away.probing || now < away.nextAt ? 0 : Math.min(free, 1);
    },
    waitMs: (now) => (away ? Math.max(0, away.nextAt - now) : 0),
    enter() {
      const probed = away;
      const answersBefore = answers;
      if (away) away.probing = true;
      return {
        answered(now) {
          answers += 1;
          if (!away) return;
          const { since } = away;
          away = undefined;
          events.back(now - since);
        },
        failed(error, now) {
          // Others have had an answer since this one began: it is one slow call, and not Temporal.
          if (answers !== answersBefore) return;
          if (!away) {
            away = { since: now, probes: 1, nextAt: now + backoffMs(1, PROBE), probing: false };
            events.away(error);
          } else if (away === probed) {
            away.probes += 1;
            away.nextAt = now + backoffMs(away.probes, PROBE);
            away.probing = false;
          }
        },
        unknown() {
          if (away && away === probed) away.probing = false;
        },
      };
    },
  };
}

import type { ApprovalAnswer } from '../../runs/approval.js';

/** Answers of which nobody could say whether they count: they are weighed again. */
export interface PostponedAnswers {
  /** Keeps an answer that was weighed at a time (Unix ms). */
  add(answer: ApprovalAnswer, now: number): void;
  /** Takes out one whose time has come; undefined if there is none. */
  due(now: number): ApprovalAnswer | undefined;
  /** Returns when the next is due (Unix ms); infinity if there is none. */
  nextAt(): number;
}

/** The pauses double, up to the longest. In milliseconds. */
const PAUSE = { firstMs: 10 * 60_000, longestMs: 24 * 3_600_000 };
/** People that answer; what is beyond is kept no more. */
const MAX = 100;

/** Returns an empty list of them. */
export function postponedAnswers(): PostponedAnswers {
  const waiting: { readonly answer: ApprovalAnswer; readonly at: number }[] = [];
  const pauses = new Map<string, number>();
  return {
    add(answer, now) {
      const pauseMs = Math.min(2 * (pauses.get(answer.id) ?? PAUSE.firstMs / 2), PAUSE.longestMs);
      pauses.set(answer.id, pauseMs);
      if (waiting.length < MAX) waiting.push({ answer, at: now + pauseMs });
    },
    due(now) {
      const index = waiting.findIndex(({ at }) => at <= now);
      return index < 0 ? undefined : waiting.splice(index, 1)[0]?.answer;
    },
    nextAt: () => Math.min(Number.POSITIVE_INFINITY, ...waiting.map(({ at }) => at)),
  };
}

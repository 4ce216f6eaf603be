import { valueWithin } from '../../../async/deadline.js';
import { sharedAnswers } from '../../../async/shared-answer.js';
import type { Acts } from '../answers/acts.js';
import type { StuckRunsAnswer } from '../contract.js';
import { listStuckRuns, type StuckRunsDeps } from './stuck-runs.js';

/** What {@link createStuckInTime} works with. */
export interface StuckInTimeDeps extends StuckRunsDeps {
  /** What operators have changed: what is stuck is asked for anew then. */
  readonly acts?: Pick<Acts, 'made'>;
}

/** When {@link createStuckInTime} asks, in milliseconds. */
export interface StuckInTimeOptions {
  /** What is found is used so long. */
  readonly freshMs: number;
  /** It is used so long instead while what an operator has changed may not have shown yet. */
  readonly settlingMs: number;
  /** What comes later is too late for an answer. */
  readonly waitMs: number;
}

/** So long what was told last stands for what comes too late. */
const LATE_MS = 60_000;

/**
 * Returns what tells in time which runs are stuck, undefined where none has come in time, lately. What has come too late for one answer
 * stands for what comes too late for the next. Once an operator has changed something, what was told before counts no more, and it is
 * asked for more often until that has shown.
 */
export function createStuckInTime(
  deps: StuckInTimeDeps,
  { freshMs, settlingMs, waitMs }: StuckInTimeOptions,
): () => Promise<StuckRunsAnswer | undefined> {
  const ask = sharedAnswers(() => listStuckRuns(deps), { freshMs, most: 1 });
  const made = () => deps.acts?.made() ?? 0;
  let acts = made();
  let actedAt = Number.NEGATIVE_INFINITY;
  let last: { readonly acts: number; readonly at: number; readonly told: StuckRunsAnswer } | undefined;
  return async () => {
    const now = performance.now();
    if (made() !== acts) [acts, actedAt] = [made(), now];
    const by = acts;
    const settles = now - actedAt < freshMs ? Math.floor((now - actedAt) / settlingMs) : '';
    const told = ask(`${by} ${settles}`);
    told.then(
      (answer) => {
        // One that was asked for earlier may come later.
        if (now >= (last?.at ?? now)) last = { acts: by, at: now, told: answer };
      },
      () => undefined,
    );
    const inTime = await valueWithin(waitMs, told);
    return inTime ?? (last?.acts === acts && now - last.at < LATE_MS ? last.told : undefined);
  };
}

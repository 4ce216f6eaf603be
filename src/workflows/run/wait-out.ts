import { ActivityFailure, ApplicationFailure, patched, sleep, upsertMemo } from '@temporalio/workflow';
import type { FailureType } from '../../activities/contract/index.js';
import { plain } from '../../events/markdown.js';
import { truncate } from '../../events/truncate.js';
import { AWAY_MEMO } from '../../runs/names.js';
import { reasonOf } from './failure.js';
import type { ProgressStep } from './progress.js';

const WAITS_OUT = 'wait-for-what-is-away';
const TAKES_BACK = 'take-back-that-a-run-waits';
/** In milliseconds. The pauses double, up to the longest. */
const PAUSE = { firstMs: 5_000, longestMs: 120_000 };
const PATIENCE_MS = 24 * 3_600_000;
/** In characters. */
const MAX_MEMO = 500;

/**
 * Runs work again for as long as what it needs is away: a Git provider that is down for a night fails no build. Says so in
 * the step. Throws after a day, or at once what is no such failure.
 */
export async function waitOut<T>(step: ProgressStep, work: () => Promise<T>): Promise<T> {
  const since = Date.now();
  let waits = false;
  try {
    for (let pauseMs = PAUSE.firstMs; ; pauseMs = Math.min(2 * pauseMs, PAUSE.longestMs)) {
      try {
        const result = await work();
        if (waits) upsertMemo({ [AWAY_MEMO]: null });
        return result;
      } catch (error) {
        // Runs that an older version started end here.
        if (!isAway(error) || Date.now() - since > PATIENCE_MS || !patched(WAITS_OUT)) throw error;
        const until = new Date(since + PATIENCE_MS).toISOString().slice(0, 16);
        step.end('running', `waits, until ${until} at the latest: ${plain(reasonOf(error))}`);
        if (!waits) upsertMemo({ [AWAY_MEMO]: truncate(reasonOf(error), MAX_MEMO) });
        waits = true;
        await sleep(pauseMs);
        step.end('running');
      }
    }
  } catch (error) {
    // The author's code may go on. Runs whose wait ended so under an older version did not say it.
    if (waits && patched(TAKES_BACK)) upsertMemo({ [AWAY_MEMO]: null });
    throw error;
  }
}

function isAway(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === ('Away' satisfies FailureType)
  );
}

import type { RunOptions } from './options.js';

/** Memo of a run that goes on from one that has failed: the workflow ids of that and of those before it, the nearest first. */
export const GOES_ON_FROM_MEMO = 'goesOnFrom';

/** Runs that are looked into for what has passed: far more than people start one after the other. */
const MAX_RUNS = 10;

/** The options that say from which runs another one goes on. */
export type GoesOnFrom = Pick<RunOptions, 'fromFailed' | 'fromFailedBefore'>;

/** Returns the options of a run that goes on from another: from those too that this one went on from, which its memo names. */
export function goesOnFrom(run: string, memo: Readonly<Record<string, unknown>> | undefined): GoesOnFrom {
  const before = runsIn(memo?.[GOES_ON_FROM_MEMO])
    .filter((one) => one !== run)
    .slice(0, MAX_RUNS - 1);
  return { fromFailed: run, ...(before.length > 0 && { fromFailedBefore: before }) };
}

/** Returns the memo that a run with such options is started with; undefined for one that goes on from none. */
export function goesOnFromMemo({ fromFailed, fromFailedBefore = [] }: GoesOnFrom): Record<string, unknown> | undefined {
  return fromFailed === undefined ? undefined : { [GOES_ON_FROM_MEMO]: [fromFailed, ...fromFailedBefore] };
}

function runsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

import type { ReconcileCounts } from '../../activities/contract/index.js';

/** The counts before anything was compared. */
export const NO_COUNTS: ReconcileCounts = { seen: 0, missing: 0, redelivered: 0, taken: 0, refused: 0 };

/** Returns what two parts of a pass found together. */
export function sum(a: ReconcileCounts, b: ReconcileCounts): ReconcileCounts {
  return {
    seen: a.seen + b.seen,
    missing: a.missing + b.missing,
    redelivered: a.redelivered + b.redelivered,
    taken: a.taken + b.taken,
    refused: a.refused + b.refused,
  };
}

/** Returns the counts in words, for the run's progress. */
export function inWords({ seen, missing, redelivered, taken, refused }: ReconcileCounts): string {
  const parts = [
    `${seen} seen`,
    `${missing} missing`,
    ...(redelivered > 0 ? [`${redelivered} sent again`] : []),
    ...(taken > 0 ? [`${taken} taken in`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  return parts.join(', ');
}

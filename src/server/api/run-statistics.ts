import { isEditedRun } from '../../events/edited-key.js';
import type { ListedRun, RunStatistics } from './contract.js';

/** Outcomes that tell of an automation. */
const COUNTED: readonly ListedRun['outcome'][] = ['passed', 'failed', 'error'];

/**
 * Returns whether a run tells of its automation: what was skipped, cancelled or superseded says nothing of it, and what somebody has
 * edited says what nobody has sent.
 */
export function isCounted(run: ListedRun): boolean {
  return run.endedAt !== undefined && COUNTED.includes(run.outcome) && !isEditedRun(run);
}

/** Returns how runs went. Percentiles are values that were there, by nearest rank: of few runs, p95 is the longest. */
export function statisticsOf(runs: readonly ListedRun[]): RunStatistics {
  const ended = runs.filter(({ endedAt }) => endedAt !== undefined);
  const counted = ended.filter(isCounted);
  const lengths = counted.map(lengthOf).sort((a, b) => a - b);
  const at = (share: number) => lengths[Math.max(0, Math.ceil(lengths.length * share) - 1)];
  const [p50Ms, p95Ms] = [at(0.5), at(0.95)];
  const last = [...ended].sort((a, b) => endOf(b) - endOf(a))[0];
  return {
    open: runs.length - ended.length,
    counted: counted.length,
    passed: counted.filter(({ outcome }) => outcome === 'passed').length,
    ...(p50Ms !== undefined && { p50Ms }),
    ...(p95Ms !== undefined && { p95Ms }),
    ...(last && { last }),
  };
}

function endOf({ endedAt, startedAt }: ListedRun): number {
  return Date.parse(endedAt ?? startedAt);
}

function lengthOf(run: ListedRun): number {
  return Math.max(0, endOf(run) - Date.parse(run.startedAt));
}

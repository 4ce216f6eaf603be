import type { ListedRun, RunState } from '../../../api/contract.js';
import type { Mood } from './badge.js';

/** Returns how a run stands: what it looks like, and the word for it. */
export function runMood(run: {
  readonly status: RunState['status'];
  readonly outcome?: string | undefined;
  readonly waitsFor?: ListedRun['waitsFor'];
}): { readonly mood: Mood; readonly word: string } {
  const { status, outcome, waitsFor } = run;
  if (status === 'running' && waitsFor) return { mood: 'waiting', word: WAITS[waitsFor] };
  const word = outcome ?? status;
  return { mood: MOODS[word] ?? MOODS[status] ?? 'unknown', word };
}

const WAITS = {
  approval: 'waits for approval',
  lane: 'waits in its lane',
  event: 'waits for an event',
} as const satisfies Record<NonNullable<ListedRun['waitsFor']>, string>;

/** Of outcomes and of states: an author's own outcome has none. */
const MOODS: Readonly<Record<string, Mood>> = {
  passed: 'passed',
  completed: 'passed',
  failed: 'failed',
  error: 'failed',
  'timed out': 'failed',
  terminated: 'failed',
  'failed to start': 'failed',
  refused: 'failed',
  running: 'running',
  waiting: 'waiting',
  cancelled: 'cancelled',
  superseded: 'superseded',
  skipped: 'skipped',
  forgotten: 'unknown',
  unknown: 'unknown',
} satisfies Record<RunState['status'], Mood> & Record<string, Mood>;

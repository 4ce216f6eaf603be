import { CancellationScope, patched } from '@temporalio/workflow';
import type { AnnotateInput, Problem } from '../../activities/contract/index.js';
import { provider } from './activities.js';
import { reasonOf } from './failure.js';
import { progress } from './progress.js';

const ANNOTATES = 'annotates-problems';
/** Runs that an older version started show the problems of each try, and remove none. */
const ANNOTATES_LAST = 'annotates-last-try';

/** Of one job: they stand in the history. */
const MOST = 200;

/** How a try of a job has ended whose problems are shown. */
export interface TryEnd {
  readonly passed: boolean;
  /** No other try follows. */
  readonly isLast: boolean;
  /** Problems of an earlier run are shown, as far as the job's host knows. */
  readonly isAnnotated: boolean;
}

/** What this run has shown or is about to, by what it is about. Module state: the workflow sandbox gives each run its own. */
const shown = new Map<string, Promise<void>>();

/**
 * Shows problems of the last try at their lines at the provider, in the background, the most severe ones first; removes what earlier
 * tries and runs have shown where a job passes without any. Where the provider can't, a build is none the worse.
 */
export function annotateInBackground(
  about: Omit<AnnotateInput, 'problems' | 'title'>,
  found: readonly Problem[],
  { passed, isLast, isAnnotated }: TryEnd,
): void {
  const key = JSON.stringify([about.source, about.repository, about.sha, about.context]);
  const before = shown.get(key);
  const isOver = passed && (isAnnotated || before !== undefined);
  if (found.length === 0 && !(isOver && patched(ANNOTATES_LAST))) return;
  // Runs whose steps an older version had run go on without.
  if (!patched(ANNOTATES)) return;
  if (!isLast && patched(ANNOTATES_LAST)) return;
  const errors = found.filter(({ severity }) => severity === 'error');
  const others = found.filter(({ severity }) => severity !== 'error');
  const input: AnnotateInput = {
    ...about,
    problems: [...errors, ...others].slice(0, MOST),
    title: [counted(errors.length, 'error'), counted(others.length, 'warning')].filter(Boolean).join(' and '),
  };
  const showing = CancellationScope.nonCancellable(async () => {
    // What is shown first must not come last.
    if (before && patched(ANNOTATES_LAST)) await before;
    const summary = `${about.context}: ${input.title || 'no problems any more'}`;
    try {
      await provider.annotate.executeWithOptions({ summary }, [input]);
    } catch (error) {
      progress.step(`Problems of ${about.context}`).fail(reasonOf(error));
    }
  });
  shown.set(key, showing);
  progress.background(showing);
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}

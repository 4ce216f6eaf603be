import { CancellationScope, patched } from '@temporalio/workflow';
import type { AnnotateInput, Problem } from '../../activities/contract/index.js';
import { provider } from './activities.js';
import { reasonOf } from './failure.js';
import { progress } from './progress.js';

const ANNOTATES = 'annotates-problems';

/** Of one job: they stand in the history. */
const MOST = 200;

/**
 * Shows problems at their lines at the provider, in the background: where it can't, a build is none the worse. The
 * most severe ones come first.
 */
export function annotateInBackground(
  about: Pick<AnnotateInput, 'source' | 'repository' | 'sha' | 'context'>,
  found: readonly Problem[],
): void {
  // Runs whose steps an older version had run go on without.
  if (found.length === 0 || !patched(ANNOTATES)) return;
  const errors = found.filter(({ severity }) => severity === 'error');
  const others = found.filter(({ severity }) => severity !== 'error');
  const input: AnnotateInput = {
    ...about,
    problems: [...errors, ...others].slice(0, MOST),
    title: [counted(errors.length, 'error'), counted(others.length, 'warning')].filter(Boolean).join(' and '),
  };
  progress.background(
    CancellationScope.nonCancellable(async () => {
      try {
        await provider.annotate.executeWithOptions({ summary: `${about.context}: ${input.title}` }, [input]);
      } catch (error) {
        progress.step(`Problems of ${about.context}`).fail(reasonOf(error));
      }
    }),
  );
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}

import { CancellationScope, CancelledFailure } from '@temporalio/workflow';
import { supersededBy } from '../run/cancel-reason.js';
import { keepSlot } from '../run/lane.js';
import { runStep } from '../run/step.js';

/**
 * Does a part of the run that must not be interrupted: a run that is cancelled or superseded meanwhile ends after it. Returns
 * what `fn` returns; throws what it throws, and `CancelledFailure` where the run was to end before or meanwhile.
 *
 * @example
 * import { automation, protect, push, runJob } from 'hookyard/workflow';
 *
 * export const deploy = automation(
 *   { on: push({ branches: ['main'] }), concurrency: { group: 'production', onBusy: 'cancel-running' } },
 *   async (event) => {
 *     await runJob(event, { name: 'build', steps: ['npm ci', 'npm run build'] });
 *     await protect('roll-out', () => runJob(event, { name: 'roll-out', steps: ['./deploy.sh'] }));
 *   },
 * );
 */
export async function protect<T>(name: string, fn: () => Promise<T>): Promise<T> {
  const scope = CancellationScope.current();
  throwIfEnding(scope, name);
  const result = await CancellationScope.nonCancellable(() => keepSlot(() => runStep(name, fn)));
  throwIfEnding(scope, name);
  return result;
}

function throwIfEnding(scope: CancellationScope, name: string): void {
  if (!scope.consideredCancelled) return;
  const by = supersededBy();
  throw new CancelledFailure(by === undefined ? `cancelled at ${name}` : `superseded by ${by} at ${name}`);
}

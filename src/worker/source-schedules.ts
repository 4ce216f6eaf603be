import type { ScheduleOptions } from '@temporalio/client';
import { hasApiCredentials, type Sources } from '../providers/source.js';
import { RECONCILE_WORKFLOW } from '../runs/names.js';
import { reconcileRunOf } from '../runs/reconcile-run.js';

/** Returns one Schedule for each source that is reconciled: enabled, with API credentials and `reconcile`. */
export function sourceSchedules(
  sources: Sources,
  { taskQueue, prefix }: { taskQueue: string; prefix: string },
): ScheduleOptions[] {
  return Object.entries(sources).flatMap(([name, source]) => {
    if (!hasApiCredentials(source) || !source.enabled || !source.reconcile) return [];
    return [
      {
        scheduleId: `${prefix}${RECONCILE_WORKFLOW}/${name}`,
        spec: { intervals: [{ every: source.reconcile.every as `${number} minutes` }], jitter: '30 seconds' },
        // A pass begins where the last one ended, so a missed one need not be made up for.
        policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
        // When it is made: nobody has looked before.
        state: { triggerImmediately: true },
        action: {
          type: 'startWorkflow',
          workflowType: RECONCILE_WORKFLOW,
          taskQueue,
          workflowId: `${RECONCILE_WORKFLOW}/${taskQueue}/${name}`,
          args: [{ source: name }],
          ...reconcileRunOf(name),
        },
      },
    ];
  });
}

import type { ScheduleOptions } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { type Config, isGitSource } from '../config/config.js';

/** Name of the workflow, as the bundle exports it. */
const WORKFLOW = 'hookyardReconcile';

/** One Schedule for each source whose missed deliveries are looked for. */
export function sourceSchedules(
  sources: Config['sources'],
  { taskQueue, prefix }: { taskQueue: string; prefix: string },
): ScheduleOptions[] {
  return Object.entries(sources).flatMap(([name, source]) => {
    if (!isGitSource(source) || !source.enabled || !source.reconcile) return [];
    const { api } = source;
    const hasCredentials = api?.token ?? (api && 'app' in api && api.app?.privateKey);
    if (!hasCredentials) return [];
    const found = { HookyardAutomation: WORKFLOW, HookyardSource: name };
    return [
      {
        scheduleId: `${prefix}${WORKFLOW}/${name}`,
        spec: { intervals: [{ every: source.reconcile.every as `${number} minutes` }], jitter: '30 seconds' },
        // A look begins where the last one ended, so none has to be made up for.
        policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
        action: {
          type: 'startWorkflow',
          workflowType: WORKFLOW,
          taskQueue,
          workflowId: `${WORKFLOW}/${taskQueue}/${name}`,
          args: [{ source: name }],
          staticSummary: `looks for missed deliveries of source ${name}`,
          typedSearchAttributes: Object.entries(found).map(([key, value]) => ({
            key: defineSearchAttributeKey(key, 'KEYWORD'),
            value,
          })),
        },
      },
    ];
  });
}

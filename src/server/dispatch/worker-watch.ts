import type { Client } from '@temporalio/client';

/** Whether workers take what is started. Where none do, there is nobody whose way a start could be in. */
export interface WorkerWatch {
  /** As far as is known; asks anew, beside, when that is some seconds ago. */
  present(): boolean;
  /** Resolves when no question is under way: gRPC throws where nobody catches if its connection is closed before. */
  settled(): Promise<void>;
}

/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's API. */
const WORKFLOW_TASKS = 1;
const FRESH_MS = 5_000;
const DEADLINE_MS = 2_000;

export function watchWorkers({ client, taskQueue }: { client: Client; taskQueue: string }): WorkerWatch {
  let present = true;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const ask = async () => {
    const { pollers } = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: WORKFLOW_TASKS,
      }),
    );
    present = (pollers ?? []).length > 0;
  };
  return {
    present() {
      const now = performance.now();
      if (now - askedAt > FRESH_MS) {
        askedAt = now;
        // What can't be found out: somebody may be working.
        asking = ask().catch(() => {
          present = true;
        });
      }
      return present;
    },
    settled: async () => asking,
  };
}

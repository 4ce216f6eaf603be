import { join } from 'node:path';
import type { ConfigInput } from '../../../src/config/index.js';
import { packageRoot } from '../../../src/paths.js';
import type { DeliveryRecord } from '../../../src/store/store.js';
import type { ReconcileInput, ReconcileResult } from '../../../src/workflows/built-in/reconcile.js';
import { closers } from '../../support/harness/closers.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { type RunningReceiver, runReceiver } from '../../support/harness/running-receiver.js';
import { runWorker } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';

export interface System extends Installation {
  readonly client: Awaited<ReturnType<typeof testClient>>;
  readonly receiver: RunningReceiver;
  /** Looks for missed deliveries once, and returns what came of it. */
  reconcile(
    input: Pick<ReconcileInput, 'source' | 'since'>,
  ): Promise<ReconcileResult & { readonly continued: boolean }>;
  /** Returns what the inbox has of a source, oldest first. */
  deliveries(source: string): Promise<DeliveryRecord[]>;
  /** Returns the workflow ids of the runs that a source's deliveries started, when `count` of them have completed. */
  runs(source: string, count: number): Promise<string[]>;
}

export interface SystemOptions {
  /** `receiver`: the receiver's address, which is known before it listens. */
  readonly config: (receiver: string) => ConfigInput;
  readonly values: Record<string, string>;
  /** False: somebody else runs the worker. */
  readonly worker?: boolean;
}

export const AUTOMATIONS = join(packageRoot, 'test/activities/reconcile/automations');

/** Starts a real receiver, dispatcher and worker on the real Temporal server. */
export async function openSystem({ config, values, worker = true }: SystemOptions): Promise<System> {
  const { add, close } = closers();
  const installation = add(
    await openInstallation({
      name: 'reconcile',
      values,
      automations: AUTOMATIONS,
      config: ({ receiver }) => config(receiver),
    }),
  );
  const { store, taskQueue } = installation;
  const client = add(await testClient());
  if (worker) add(await runWorker(installation));
  const receiver = add(await runReceiver(installation, client));

  const completed = async (source: string) => {
    const ids: string[] = [];
    const query = `HookyardSource = '${source}' AND WorkflowType = 'told' AND ExecutionStatus = 'Completed'`;
    for await (const run of client.workflow.list({ query })) ids.push(run.workflowId);
    return ids.sort();
  };
  return {
    ...installation,
    client,
    receiver,
    deliveries: async (source) => (await store.inbox.list({ source, limit: 500 })).reverse(),
    async reconcile(pass) {
      const handle = await client.workflow.start('hookyardReconcile', {
        taskQueue,
        workflowId: unique(`hookyardReconcile/${pass.source}`),
        args: [pass],
      });
      const result = (await handle.result()) as ReconcileResult;
      const { runId } = await client.workflow.getHandle(handle.workflowId).describe();
      return { ...result, continued: runId !== handle.firstExecutionRunId };
    },
    async runs(source, count) {
      for (let tries = 0; tries < 200; tries++) {
        const ids = await completed(source);
        if (ids.length >= count) return ids;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return completed(source);
    },
    close,
  };
}

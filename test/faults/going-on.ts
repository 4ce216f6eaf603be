import { mapAtOnce } from '../../src/async/at-once.js';
import type { Cluster } from './cluster.js';

/** Runs that were open at one moment. */
export interface OpenRuns {
  readonly count: number;
  /** Resolves when all of them have ended; false if that takes longer than three minutes. */
  ended(wait: (ms: number) => Promise<void>): Promise<boolean>;
}

const MAX_RUNS = 200;
const AT_ONCE = 16;
const LOOK_EVERY_MS = 100;
const ENDED_MS = 180_000;

/** Returns the runs that are open now, as Temporal lists them. */
export async function openRuns({ client, source }: Pick<Cluster, 'client' | 'source'>): Promise<OpenRuns> {
  let open: { workflowId: string; runId: string }[] = [];
  const query = `HookyardSource = "${source}" AND ExecutionStatus = "Running"`;
  for await (const { workflowId, runId } of client.workflow.list({ query, pageSize: MAX_RUNS }))
    if (open.push({ workflowId, runId }) === MAX_RUNS) break;
  const isOpen = async ({ workflowId, runId }: { workflowId: string; runId: string }) =>
    (await client.workflow.getHandle(workflowId, runId).describe()).status.name === 'RUNNING';
  return {
    count: open.length,
    async ended(wait) {
      for (const until = performance.now() + ENDED_MS; performance.now() < until; await wait(LOOK_EVERY_MS)) {
        const are = await mapAtOnce(open, AT_ONCE, isOpen);
        open = open.filter((_, i) => are[i]);
        if (open.length === 0) return true;
      }
      return false;
    },
  };
}

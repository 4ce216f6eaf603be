import { Context } from '@temporalio/activity';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { z } from 'zod';
import type { Activities, FindRunsInput, PullRequestRef } from '../contract.js';
import type { ActivityDeps } from '../deps.js';

type Runs = Pick<Activities, 'openApproval' | 'approveRuns' | 'findRuns' | 'cancelRuns'>;

/** Approvals are kept with the synced records, under a name that automations can't write to. */
export const APPROVALS = 'hookyard.approvals';
/** One pull request hardly has more runs under way. */
const MOST_RUNS = 200;

/** What can be done to the runs of a pull request, which are found by their search attributes. */
export function createPullRequestRuns({ store, log }: Pick<ActivityDeps, 'store' | 'log'>): Runs {
  const approvalKey = (of: { source: string; repositoryId: string; number: number; sha: string; automation: string }) =>
    `${of.source}#${of.repositoryId}#${of.number}#${of.sha}#${of.automation}`;
  return {
    async openApproval(input) {
      const record = await store.records.get(APPROVALS, approvalKey(input));
      if (record) return { by: String((record.data as { by?: unknown }).by) };
      const { client } = Context.current();
      for await (const run of runsOf(client, input, { openOnly: true })) {
        const sha = waitsFor(run)?.sha;
        if (sha === undefined || sha === input.sha) continue;
        await client.workflow.getHandle(run.workflowId, run.runId).signal('hookyard-supersede', { sha: input.sha });
      }
      return {};
    },

    async approveRuns(input) {
      const { client } = Context.current();
      const waiting: { run: WorkflowExecutionInfo; sha: string }[] = [];
      for await (const run of runsOf(client, input, { openOnly: true })) {
        const { sha, since } = waitsFor(run) ?? {};
        if (sha === undefined || since === undefined || (input.sha && !sha.startsWith(input.sha))) continue;
        // Whoever approves has not seen what came after their words.
        if (!input.sha && input.before !== undefined && Date.parse(since) > Date.parse(input.before)) continue;
        waiting.push({ run, sha });
      }
      const newest = newestOfEach(waiting);
      for (const { run, sha } of newest) {
        const key = approvalKey({ ...input, sha, automation: run.type });
        await store.records.upsert({ collection: APPROVALS, key, version: 1, data: { by: input.by } });
        await client.workflow.getHandle(run.workflowId, run.runId).signal('hookyard-approve', { sha, by: input.by });
        log.info({ run: run.workflowId, commit: sha, by: input.by }, 'approved');
      }
      return { approved: newest.map(({ run, sha }) => ({ automation: run.type, sha })) };
    },

    async findRuns(input) {
      const { client } = Context.current();
      const runs = [];
      for await (const run of runsOf(client, input, { openOnly: false })) {
        const open = run.status.name === 'RUNNING';
        const passed = open ? undefined : await hasPassed(client, run);
        runs.push({ automation: run.type, workflowId: run.workflowId, open, ...(passed !== undefined && { passed }) });
        Context.current().heartbeat();
      }
      return { runs };
    },

    async cancelRuns(input) {
      const { client } = Context.current();
      const cancelled: string[] = [];
      for await (const run of runsOf(client, input, { openOnly: true })) {
        if (run.workflowId === Context.current().info.workflowExecution?.workflowId) continue;
        await client.workflow.getHandle(run.workflowId, run.runId).cancel();
        cancelled.push(run.type);
      }
      return { cancelled };
    },
  };
}

/** Runs of a pull request, newest first. */
async function* runsOf(
  client: Client,
  { source, repository, number, automation, sha }: PullRequestRef & Pick<FindRunsInput, 'automation' | 'sha'>,
  { openOnly }: { openOnly: boolean },
): AsyncGenerator<WorkflowExecutionInfo> {
  const conditions = [
    `HookyardSource = ${quoted(source)}`,
    `HookyardRepository = ${quoted(repository)}`,
    `HookyardPullRequest = ${Math.trunc(number)}`,
    ...(automation === undefined ? [] : [`WorkflowType = ${quoted(automation)}`]),
    ...(sha === undefined || openOnly ? [] : [`HookyardCommit = ${quoted(sha)}`]),
    ...(openOnly ? [`ExecutionStatus = 'Running'`] : []),
  ];
  let left = MOST_RUNS;
  for await (const run of client.workflow.list({ query: conditions.join(' AND '), pageSize: 50 })) {
    if (left-- === 0) return;
    yield run;
  }
}

/** A text in a visibility query. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** As the run's memo says; see the gate of a run. */
const waitsSchema = z.object({ sha: z.string(), since: z.string() });

function waitsFor({ memo }: WorkflowExecutionInfo): z.output<typeof waitsSchema> | undefined {
  return waitsSchema.safeParse(memo?.waitsForApproval).data;
}

function newestOfEach<T extends { run: WorkflowExecutionInfo }>(waiting: readonly T[]): T[] {
  const newest = new Map<string, T>();
  for (const item of waiting) {
    const known = newest.get(item.run.type);
    if (!known || item.run.startTime > known.run.startTime) newest.set(item.run.type, item);
  }
  return [...newest.values()];
}

async function hasPassed(client: Client, run: WorkflowExecutionInfo): Promise<boolean> {
  if (run.status.name !== 'COMPLETED') return false;
  const result: unknown = await client.workflow.getHandle(run.workflowId, run.runId).result();
  const outcome = typeof result === 'object' && result !== null && 'outcome' in result ? result.outcome : undefined;
  return outcome === 'passed' || outcome === 'skipped';
}

import { Context } from '@temporalio/activity';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { z } from 'zod';
import { APPROVE_SIGNAL, SUPERSEDE_SIGNAL, type WaitsForApproval } from '../../runs/names.js';
import { waitsOf } from '../../runs/waits-for-approval.js';
import type { Activities, FindRunsInput, OpenApprovalInput } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { runsOfPullRequest } from './find.js';

type Approvals = Pick<Activities, 'openApproval' | 'noteApproval' | 'approveRuns'>;

/** Approvals are kept with the synced records, under a name that automations can't write to. */
const APPROVALS = 'hookyard.approvals';

/**
 * Whoever approves without naming a commit has read the one that was there for this long, in milliseconds. It covers the
 * time between reading and writing, and what the provider's clock and ours differ by.
 */
const READING_MS = 60_000;

/** Approvals of code from forks: bound to a repository, a pull request, a commit and an automation. */
export function createApprovals({ store, log }: Pick<ActivityDeps, 'store' | 'log'>): Approvals {
  return {
    async openApproval(input) {
      const record = await store.records.get(APPROVALS, keyOf(input));
      if (record) return { by: z.object({ by: z.string() }).parse(record.data).by };
      try {
        return await takePlace(input);
      } catch (error) {
        // It only tidies up: that others still wait does not keep this one from waiting.
        log.warn({ err: error, repository: input.repository, number: input.number }, 'older runs go on waiting');
        return {};
      }
    },

    async noteApproval({ by, ...input }) {
      await store.records.upsert({ collection: APPROVALS, key: keyOf(input), version: 1, data: { by } });
    },

    async approveRuns(input) {
      const { client } = Context.current();
      const waiting: { run: WorkflowExecutionInfo; waits: WaitsForApproval }[] = [];
      for await (const run of runsOfPullRequest(ofAnyCommit(input), { openOnly: true })) {
        const waits = waitsOf(run);
        if (waits && waits.repositoryId === input.repositoryId) waiting.push({ run, waits });
      }
      const newest = waiting.map(({ waits }) => waits).sort((a, b) => compare(b.since, a.since))[0];
      if (!newest) return { answer: isRepeated() ? 'approved' : 'none' };
      const wanted =
        input.sha === undefined ? newest : waiting.find(({ waits }) => waits.sha.startsWith(input.sha ?? ''))?.waits;
      if (!wanted) return { answer: 'none' };
      const slackMs = input.sha === undefined ? READING_MS : 0;
      if (Date.parse(wanted.received) + slackMs > Date.parse(input.writtenAt))
        return { answer: 'too new', sha: wanted.sha };
      for (const { run, waits } of waiting) {
        if (waits.sha !== wanted.sha) continue;
        const { workflowId, runId } = run;
        await client.workflow.getHandle(workflowId, runId).signal(APPROVE_SIGNAL, { sha: waits.sha, by: input.by });
        log.info({ run: workflowId, commit: waits.sha, by: input.by }, 'approved');
      }
      return { answer: 'approved', sha: wanted.sha };
    },
  };
}

/** Older commits of the pull request wait no longer; a newer one that waits already keeps its place. */
async function takePlace(input: OpenApprovalInput): Promise<{ superseded?: string }> {
  const { client } = Context.current();
  for await (const run of runsOfPullRequest(ofAnyCommit(input), { openOnly: true })) {
    const waits = waitsOf(run);
    if (!waits || waits.sha === input.sha || waits.repositoryId !== input.repositoryId) continue;
    if (compare(waits.since, input.since) > 0) return { superseded: waits.sha };
    await client.workflow.getHandle(run.workflowId, run.runId).signal(SUPERSEDE_SIGNAL, { sha: input.sha });
  }
  return {};
}

/** The commit of an approval is looked for among what waits, by its beginning. */
function ofAnyCommit({ source, repository, number, automation }: FindRunsInput): FindRunsInput {
  return { source, repository, number, ...(automation !== undefined && { automation }) };
}

/** A second attempt of this activity: what the first approved does not wait any more. */
function isRepeated(): boolean {
  return Context.current().info.attempt > 1;
}

function keyOf({ source, repositoryId, number, sha, automation }: OpenApprovalInput): string {
  return `${source}#${repositoryId}#${number}#${sha}#${automation}`;
}

/** Of two times in ISO 8601. */
function compare(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}

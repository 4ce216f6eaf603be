import { Context } from '@temporalio/activity';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { z } from 'zod';
import { APPROVE_SIGNAL, SUPERSEDE_SIGNAL, type WaitsForApproval } from '../../runs/names.js';
import { waitsOf } from '../../runs/waits-for-approval.js';
import type { Activities, FindRunsInput, OpenApprovalInput } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { runsOfPullRequest } from './find.js';

type Approvals = Pick<Activities, 'openApproval' | 'noteApproval' | 'approveRuns'>;

/** Kept with the synced records, in a collection that automations can't write to. */
const APPROVALS = 'hookyard.approvals';

/**
 * How long a commit must have been there for an approval that names none to mean it, in milliseconds. Covers the time
 * between reading and writing, and the difference between the provider's clock and ours.
 */
const READING_MS = 60_000;

/**
 * Returns the activities that approve code from forks: for a repository, a pull request, a commit and an automation.
 */
export function createApprovals({ store, log }: Pick<ActivityDeps, 'store' | 'log'>): Approvals {
  return {
    async openApproval(input) {
      const record = await store.records.get(APPROVALS, keyOf(input));
      if (record) return { by: z.object({ by: z.string() }).parse(record.data).by };
      try {
        return await supersedeOlder(input);
      } catch (error) {
        // This only cleans up: the run waits even if older ones do too.
        log.warn(
          { err: error, repository: input.repository, number: input.number },
          'older runs that wait for approval could not be superseded',
        );
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
        log.info({ run: workflowId, commit: waits.sha, by: input.by }, 'a run was approved');
      }
      return { answer: 'approved', sha: wanted.sha };
    },
  };
}

/** Supersedes the runs that wait with older commits; returns the newer commit if one waits already. */
async function supersedeOlder(input: OpenApprovalInput): Promise<{ superseded?: string }> {
  const { client } = Context.current();
  for await (const run of runsOfPullRequest(ofAnyCommit(input), { openOnly: true })) {
    const waits = waitsOf(run);
    if (!waits || waits.sha === input.sha || waits.repositoryId !== input.repositoryId) continue;
    if (compare(waits.since, input.since) > 0) return { superseded: waits.sha };
    await client.workflow.getHandle(run.workflowId, run.runId).signal(SUPERSEDE_SIGNAL, { sha: input.sha });
  }
  return {};
}

/** Leaves the commit out: it is matched by its beginning. */
function ofAnyCommit({ source, repository, number, automation }: FindRunsInput): FindRunsInput {
  return { source, repository, number, ...(automation !== undefined && { automation }) };
}

/** Returns whether this is a later attempt: runs that an earlier one approved no longer wait. */
function isRepeated(): boolean {
  return Context.current().info.attempt > 1;
}

function keyOf({ source, repositoryId, number, sha, automation }: OpenApprovalInput): string {
  return `${source}#${repositoryId}#${number}#${sha}#${automation}`;
}

/** Compares two times in ISO 8601. */
function compare(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}

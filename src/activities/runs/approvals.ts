import { Context } from '@temporalio/activity';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { z } from 'zod';
import {
  APPROVE_SIGNAL,
  REJECT_SIGNAL,
  SUPERSEDE_SIGNAL,
  type WaitsForApproval,
  WITHDRAW_SIGNAL,
} from '../../runs/names.js';
import { waitsOf } from '../../runs/waits-for-approval.js';
import type { Activities, CloseApprovalsInput, FindRunsInput, OpenApprovalInput } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { openRunsUnderAnyName } from './find.js';

type Approvals = Pick<Activities, 'openApproval' | 'noteApproval' | 'approveRuns' | 'closeApprovals'>;

/** Who approved a commit: kept with the synced records, in a collection that automations can't write to. */
export const APPROVALS = 'hookyard.approvals';
/** Which pull requests were closed: kept there too, with the time of the closing as the version, in Unix ms. */
export const CLOSED = 'hookyard.closed';

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
      const closed = await store.records.get(CLOSED, pullRequestKey(input));
      if (closed && Number(closed.version) > Date.parse(input.since)) return { closed: true };
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
      // Its key has the id of the repository, and what is to be forgotten is found by its name.
      const data = { by, repository: input.repository };
      await store.records.upsert({ collection: APPROVALS, key: keyOf(input), version: 1, data });
    },

    async approveRuns(input) {
      const { client } = Context.current();
      const waiting: { run: WorkflowExecutionInfo; waits: WaitsForApproval }[] = [];
      for await (const run of openRunsUnderAnyName(ofAnyCommit(input))) {
        const waits = waitsOf(run);
        if (waits && waits.repositoryId === input.repositoryId) waiting.push({ run, waits });
      }
      const newest = waiting.map(({ waits }) => waits).sort((a, b) => compare(b.since, a.since))[0];
      if (!newest) return { answer: isRepeated() ? 'approved' : 'none' };
      const meant = input.sha ?? input.seen;
      const wanted = meant === undefined ? newest : waiting.find(({ waits }) => isSameCommit(waits.sha, meant))?.waits;
      if (!wanted) return { answer: 'none' };
      const slackMs = input.sha === undefined ? READING_MS : 0;
      if (Date.parse(wanted.received) + slackMs > Date.parse(input.writtenAt))
        return { answer: 'too new', sha: wanted.sha };
      const same = waiting.filter(({ waits }) => waits.sha === wanted.sha).map(({ run }) => run);
      for (const run of same) {
        const { workflowId, runId, type } = run;
        const handle = client.workflow.getHandle(workflowId, runId);
        // One approval starts an automation once, also if two of its runs began to wait at the same time.
        const isInItsPlace = (other: WorkflowExecutionInfo) => other.type === type && isNewer(other, run);
        if (!waitsOf(run)?.begun && same.some((other) => !waitsOf(other)?.begun && isInItsPlace(other))) {
          await handle.signal(SUPERSEDE_SIGNAL, { sha: wanted.sha });
          continue;
        }
        const { by, rejects, why } = input;
        if (rejects) await handle.signal(REJECT_SIGNAL, { sha: wanted.sha, by, ...(why !== undefined && { why }) });
        else await handle.signal(APPROVE_SIGNAL, { sha: wanted.sha, by });
        log.info({ run: workflowId, commit: wanted.sha, by }, `a run was ${rejects ? 'rejected' : 'approved'}`);
      }
      return { answer: 'approved', sha: wanted.sha };
    },

    async closeApprovals(input) {
      // Kept for a run that is only about to wait: deliveries come in any order.
      const version = Date.parse(input.closedAt);
      const data = { repository: input.repository };
      await store.records.upsert({ collection: CLOSED, key: pullRequestKey(input), version, data });
      const { client } = Context.current();
      let withdrawn = 0;
      for await (const run of openRunsUnderAnyName(ofAnyCommit(input))) {
        const waits = waitsOf(run);
        if (!waits || waits.repositoryId !== input.repositoryId || outlives(waits, version)) continue;
        await client.workflow.getHandle(run.workflowId, run.runId).signal(WITHDRAW_SIGNAL);
        withdrawn += 1;
      }
      return { withdrawn };
    },
  };
}

/**
 * Supersedes the runs that wait with older commits, and older runs that wait with this one. Returns the commit of a newer
 * one if it waits already.
 */
async function supersedeOlder(input: OpenApprovalInput): Promise<{ superseded?: string }> {
  const { client, info } = Context.current();
  const { workflowId = '', runId = '' } = info.workflowExecution ?? {};
  const self = { workflowId, runId, startTime: new Date(input.startedAt ?? info.scheduledTimestampMs) };
  for await (const run of openRunsUnderAnyName(ofAnyCommit(input))) {
    const waits = waitsOf(run);
    if (!waits || waits.repositoryId !== input.repositoryId || run.workflowId === self.workflowId) continue;
    // One that begins and one that has begun both get the commit.
    if (waits.sha === input.sha && (waits.begun || input.begun)) continue;
    const newer = waits.sha === input.sha ? isNewer(run, self) : compare(waits.since, input.since) > 0;
    if (newer) return { superseded: waits.sha };
    await client.workflow.getHandle(run.workflowId, run.runId).signal(SUPERSEDE_SIGNAL, { sha: input.sha });
  }
  return {};
}

/** Returns whether a wait goes on though the pull request was closed: it began later, or with the closing (Unix ms). */
function outlives({ since, closing }: WaitsForApproval, closedAt: number): boolean {
  const began = Date.parse(since);
  return began > closedAt || (closing === true && began === closedAt);
}

type Run = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'startTime'>;

/** Returns whether a run began after another; of two that began at once, it is always the same one. */
function isNewer(run: Run, other: Run): boolean {
  const ms = run.startTime.getTime() - other.startTime.getTime();
  return ms === 0 ? run.runId > other.runId : ms > 0;
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

function pullRequestKey({ source, repositoryId, number }: Omit<CloseApprovalsInput, 'closedAt'>): string {
  return `${source}#${repositoryId}#${number}`;
}

/** Either may be the beginning of a name: Bitbucket Cloud tells 12 digits. */
function isSameCommit(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** Compares two times in ISO 8601. */
function compare(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}

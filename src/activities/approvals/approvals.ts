import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import {
  ANSWER_SIGNAL,
  APPROVAL_OUTDATED_SIGNAL,
  type ApprovalAnswer,
  type ApprovalOutdated,
  type ApprovalRef,
  readApprover,
} from '../../runs/approval.js';
import { isSameRepository } from '../../runs/approval-outdated.js';
import {
  approvalKey,
  ENDED_APPROVALS,
  type EndedApproval,
  OPEN_APPROVALS,
  type OpenApproval,
  openApprovalOf,
  openApprovals,
} from '../../runs/approval-records.js';
import type { Activities, ApprovalActivities, ApprovalLook, AskApprovalInput } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured, refused } from '../failures.js';
import { type CallRepository, cannotCall } from '../pull-requests/call-repository.js';
import { whatOutdates } from './what-outdates.js';

/**
 * Returns the activities that keep what approvals runs wait for, find them, and hand them their answers. Doing one again changes
 * nothing.
 */
export function createApprovalBook(
  { store, log }: Pick<ActivityDeps, 'store' | 'log'>,
  call: CallRepository,
): Pick<Activities, Exclude<keyof ApprovalActivities, 'mayApprove'>> {
  const { records, inbox } = store;

  async function keep(open: OpenApproval): Promise<void> {
    const version = Date.now();
    await records.upsert({ collection: OPEN_APPROVALS, key: approvalKey(open), version, data: open, run: open.run });
  }

  async function look(open: OpenApproval, from: number): Promise<ApprovalLook> {
    const until = Date.now();
    const because = await whatOutdates(inbox, open, from);
    return { until, ...(because !== undefined && { outdated: because }) };
  }

  return {
    async askApproval(input) {
      await mustKnowTeams(input);
      const open: OpenApproval = {
        ...input,
        ...callingRun(),
        given: [],
        authors: [...input.authors],
        by: [...input.by],
      };
      // Kept first: whatever comes in from now on finds it there.
      await keep(open);
      const found = await look(open, input.since);
      if (found.outdated !== undefined) return found;
      const newer = await tellOlder(open);
      return newer === undefined ? found : { ...found, outdated: newer };
    },

    async lookAtApproval({ from, given, ...ref }) {
      const open = await known(ref);
      if (!open) return { until: from };
      await keep({ ...open, given: [...given] });
      return look(open, from);
    },

    async endApproval({ state, given, because, endedAt, ...ref }) {
      const { run } = callingRun();
      const key = approvalKey({ run, ...ref });
      const open = await known(ref);
      if (open) {
        const data: EndedApproval = { ...open, state, given: [...given], endedAt, because };
        await records.upsert({ collection: ENDED_APPROVALS, key, version: 1, data, run });
        log.info({ run, approval: ref.name, state, by: given.map(({ login }) => login) }, 'an approval has ended');
      }
      const row = await records.get(OPEN_APPROVALS, key);
      if (row) await records.remove(row);
    },

    async findApprovals({ source, repositoryId, number }) {
      const about = (open: OpenApproval) =>
        open.source === source && open.repositoryId === repositoryId && open.number === number;
      const approvals: OpenApproval[] = [];
      for (const open of (await openApprovals(records)).filter(about)) if (await isWaiting(open)) approvals.push(open);
      return { approvals };
    },

    async answerApproval({ run, answer }) {
      await signal(run, ANSWER_SIGNAL, answer);
    },
  };

  /** Says at once what nobody could answer later. */
  async function mustKnowTeams({ source, repository, by }: AskApprovalInput): Promise<void> {
    const team = by.find((entry) => readApprover(entry)?.kind === 'team');
    if (team === undefined) return;
    const what = `tell who is in a team (${team}): name people, or a permission`;
    if (source === undefined || repository === undefined)
      throw notConfigured(`an approval by ${team} has to be about a repository: give it "of"`);
    const has = await call({ source, repository }, (api) => api.isMember && Promise.resolve());
    if (!has) throw notConfigured(cannotCall(source, what));
  }

  async function known(ref: ApprovalRef): Promise<OpenApproval | undefined> {
    const row = await records.get(OPEN_APPROVALS, approvalKey({ ...callingRun(), ...ref }));
    return row && openApprovalOf(row);
  }

  /** A run that was terminated takes nothing back. */
  async function isWaiting(open: OpenApproval): Promise<boolean> {
    const { client } = Context.current();
    try {
      if ((await client.workflow.getHandle(open.run).describe()).status.name === 'RUNNING') return true;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    const row = await records.get(OPEN_APPROVALS, approvalKey(open));
    if (row) await records.remove(row);
    return false;
  }

  /**
   * Of the runs of one automation that wait for the same of one branch or pull request, only that with the newest event may go on.
   * Tells the others so; returns why this one may not.
   */
  async function tellOlder(own: OpenApproval): Promise<string | undefined> {
    if (own.number === undefined && own.branch === undefined) return undefined;
    const same = (await openApprovals(records)).filter(
      (other) =>
        other.run !== own.run &&
        other.automation === own.automation &&
        other.name === own.name &&
        other.source === own.source &&
        isSameRepository(other, own) &&
        other.number === own.number &&
        other.branch === own.branch &&
        other.sha !== own.sha,
    );
    for (const other of same) {
      const [older, newer] = isNewer(other, own) ? [own, other] : [other, own];
      const because = `${newer.sha?.slice(0, 12)} waits in its place`;
      if (older === own) return because;
      const { name, nth } = other;
      await signal(other.run, APPROVAL_OUTDATED_SIGNAL, { name, nth, because });
    }
    return undefined;
  }
}

/** Nobody has to be told anything whose run has ended. */
async function signal(run: string, name: string, payload: ApprovalAnswer | ApprovalOutdated): Promise<void> {
  try {
    await Context.current().client.workflow.getHandle(run).signal(name, payload);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

function isNewer(one: OpenApproval, other: OpenApproval): boolean {
  if (one.changedAt !== undefined && other.changedAt !== undefined && one.changedAt !== other.changedAt)
    return Date.parse(one.changedAt) > Date.parse(other.changedAt);
  return one.since > other.since;
}

function callingRun(): { run: string; automation: string } {
  const { workflowExecution, workflowType } = Context.current().info;
  if (!workflowExecution || workflowType === undefined) throw refused('only a run waits for an approval');
  return { run: workflowExecution.workflowId, automation: workflowType };
}

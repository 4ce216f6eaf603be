/*
 * What workflows can't do themselves: everything that talks to somebody or takes time.
 *
 * Each file of contract/ declares the activities of one kind, and the folder of the same name implements them: approvals, builds,
 * git, job, lanes, notify, outbound, pull-requests, reconcile, results, runs, status, sync, waits. Only what several folders share lies beside
 * this file: dependencies, failures, cancellation, heartbeats, calls of a provider's API, and how a process group is
 * stopped.
 */
import { Context } from '@temporalio/activity';
import { activityProviders } from './activity-providers.js';
import { createApprovalBook } from './approvals/approvals.js';
import { createMayApprove } from './approvals/may-approve.js';
import { createCiBuilds } from './builds/ci-build.js';
import { createGithubRuns } from './builds/github-run.js';
import { createHttpBuilds } from './builds/http-build.js';
import type { Activities, StatusInput } from './contract/index.js';
import type { ActivityDeps } from './deps.js';
import { refused } from './failures.js';
import { createFindBranchHead } from './git/find-branch-head.js';
import { createFindCommit } from './git/find-commit.js';
import { createFindHead } from './git/find-head.js';
import { createFindTagCommit } from './git/find-tag-commit.js';
import { createHeldJobs } from './job/hold-job.js';
import { createRunJob } from './job/run-job.js';
import { createFindingsWatch } from './job/watch-findings.js';
import { createLaneActivities } from './lanes/enter-lane.js';
import { createNotifyEmail } from './notify/email.js';
import { createNotifySlack } from './notify/slack.js';
import { createNotifySms } from './notify/sms.js';
import { createSendWebhook } from './outbound/send-webhook.js';
import { createCallRepository } from './pull-requests/call-repository.js';
import { createCommits } from './pull-requests/commits.js';
import { createPullRequests } from './pull-requests/pull-requests.js';
import { createReconcile } from './reconcile/index.js';
import { createNoteResult } from './results/note-result.js';
import { createWriteTable } from './results/write-table.js';
import { createApprovals } from './runs/approvals.js';
import { createCancelClosed } from './runs/cancel-closed.js';
import { createEndMergeGroup } from './runs/end-merge-group.js';
import { createPullRequestRuns } from './runs/pull-request-runs.js';
import { createReadBody } from './runs/read-body.js';
import { createAnnotate } from './status/annotate.js';
import { createReportStatus } from './status/report-status.js';
import { createMirrorRepository } from './sync/mirror-repository.js';
import { createUpsertRecord } from './sync/upsert-record.js';
import { createWaitActivities } from './waits/waits.js';

/**
 * Lets activities be called by workflows only. Otherwise, anyone who reaches Temporal could start one by itself with
 * any input, which no automation asks for.
 */
function onlyInRuns<A extends Activities>(activities: A): A {
  const guarded = Object.entries(activities).map(([name, activity]) => {
    const run = (input: never) => {
      if (!Context.current().info.workflowExecution) throw refused(`activity ${name} can only be called by a workflow`);
      return (activity as (input: never) => Promise<unknown>)(input);
    };
    return [name, run] as const;
  });
  return Object.fromEntries(guarded) as unknown as A;
}

/**
 * Returns every activity. A worker calls this once, so that one source has one API client, with its limits and tokens.
 */
export function createActivities(deps: ActivityDeps): Activities {
  const providers = activityProviders(deps);
  const reportStatus = createReportStatus(deps, providers);
  const call = createCallRepository(providers);
  const jobs = {
    ...deps,
    reportPending: async (input: StatusInput) => {
      await reportStatus(input);
    },
    watch: [createFindingsWatch({ records: deps.store.records, reportStatus })],
  };
  const pullRequests = createPullRequests(call);
  return onlyInRuns({
    runJob: createRunJob(jobs, providers),
    ...createHeldJobs(jobs, providers),
    reportStatus,
    annotate: createAnnotate(deps, pullRequests, providers),
    ...createGithubRuns(providers),
    ...createHttpBuilds(deps),
    ...createCiBuilds(deps, providers),
    notifySlack: createNotifySlack(deps),
    notifyEmail: createNotifyEmail(deps),
    notifySms: createNotifySms(deps),
    sendWebhook: createSendWebhook(deps),
    upsertRecord: createUpsertRecord(deps),
    mirrorRepository: createMirrorRepository(deps, providers),
    ...createCommits(call),
    ...pullRequests,
    noteResult: createNoteResult(deps),
    writeTable: createWriteTable(deps, pullRequests),
    ...createPullRequestRuns(deps),
    ...createCancelClosed(deps),
    ...createApprovals(deps),
    ...createApprovalBook(deps, call),
    mayApprove: createMayApprove(call),
    ...createLaneActivities(deps),
    endMergeGroup: createEndMergeGroup(deps),
    ...createWaitActivities(deps),
    readBody: createReadBody(deps),
    findBranchHead: createFindBranchHead(deps, providers),
    findTagCommit: createFindTagCommit(deps, providers),
    findHead: createFindHead(deps, providers),
    findCommit: createFindCommit(deps, providers),
    ...createReconcile(deps, providers),
  });
}

import { Context } from '@temporalio/activity';
import { activityProviders } from './activity-providers.js';
import { createGithubRuns } from './builds/github-run.js';
import { createHttpBuilds } from './builds/http-build.js';
import type { Activities } from './contract/index.js';
import type { ActivityDeps } from './deps.js';
import { refused } from './failures.js';
import { createFindBranchHead } from './git/find-branch-head.js';
import { createRunJob } from './job/run-job.js';
import { createNotifyEmail } from './notify/email.js';
import { createNotifySlack } from './notify/slack.js';
import { createNotifySms } from './notify/sms.js';
import { createSendWebhook } from './outbound/send-webhook.js';
import { createAskProvider } from './pull-requests/ask-provider.js';
import { createCommits } from './pull-requests/commits.js';
import { createConversation } from './pull-requests/pull-requests.js';
import { createReconcile } from './reconcile/index.js';
import { createApprovals } from './runs/approvals.js';
import { createPullRequestRuns } from './runs/pull-request-runs.js';
import { createReadBody } from './runs/read-body.js';
import { createReportStatus } from './status/report-status.js';
import { createMirrorRepository } from './sync/mirror-repository.js';
import { createUpsertRecord } from './sync/upsert-record.js';

/** Those that take minutes and a core: they run in slots of their own, on the task queue `<queue>-jobs`. */
export const JOB_ACTIVITIES: readonly string[] = ['runJob', 'mirrorRepository'] satisfies (keyof Activities)[];

/**
 * Lets an activity be called by a workflow alone. Whoever reaches the engine could otherwise have one run by itself, with
 * any input, and there is no automation that says so.
 */
function onlyInRuns<A extends Activities>(activities: A): A {
  const guarded = Object.entries(activities).map(([name, activity]) => {
    const run = (input: never) => {
      if (!Context.current().info.workflowExecution)
        throw refused(`${name} is part of a run and is not started by itself`);
      return (activity as (input: never) => Promise<unknown>)(input);
    };
    return [name, run] as const;
  });
  return Object.fromEntries(guarded) as unknown as A;
}

/** Every activity that the authoring kit calls. */
export function createActivities(deps: ActivityDeps): Activities {
  // One of each, so that limits and tokens are shared.
  const providers = activityProviders(deps);
  const reportStatus = createReportStatus(deps, providers);
  const ask = createAskProvider(providers);
  return onlyInRuns({
    runJob: createRunJob({
      ...deps,
      reportPending: async (input) => {
        await reportStatus(input);
      },
    }),
    reportStatus,
    ...createGithubRuns(providers),
    ...createHttpBuilds(deps),
    notifySlack: createNotifySlack(deps),
    notifyEmail: createNotifyEmail(deps),
    notifySms: createNotifySms(deps),
    sendWebhook: createSendWebhook(deps),
    upsertRecord: createUpsertRecord(deps),
    mirrorRepository: createMirrorRepository(deps),
    ...createCommits(ask),
    ...createConversation(ask),
    ...createPullRequestRuns(),
    ...createApprovals(deps),
    readBody: createReadBody(deps),
    findBranchHead: createFindBranchHead(deps),
    ...createReconcile(deps, providers),
  });
}

import { Context } from '@temporalio/activity';
import { withDeadline } from '../../async/deadline.js';
import type { Providers } from '../../providers/apis.js';
import { runUrl } from '../../runs/url.js';
import { createMask, secretsIn } from '../../secrets/mask.js';
import { activityProviders } from '../activity-providers.js';
import type { Activities, JobResult, RunJobInput, StatusInput, StepResult } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { isAway, leftToTheRun } from '../failures.js';
import { checkOut } from './checkout.js';
import { jobEnvironment } from './environment.js';
import { createJobLog, type JobLog } from './job-log.js';
import { GRACE_PERIODS, type GracePeriods } from './process-group.js';
import { resolveCheckout } from './resolve-checkout.js';
import { runSteps } from './run-steps.js';
import { createWorkspace, type Workspace } from './workspace.js';

/** What running a job needs. */
export interface RunJobDeps extends ActivityDeps {
  /** Reports to the provider that the job has begun. */
  readonly reportPending: (input: StatusInput) => Promise<void>;
  readonly gracePeriods?: GracePeriods;
  /** How much output of one attempt is kept, in bytes. */
  readonly mostLogBytes?: number;
}

const HEARTBEAT_MS = 4_000;
const REPORT_MS = 10_000;

/**
 * Checks out a commit and runs a job's steps on it. A failing step and a timeout are results; a lost worker, a failing
 * checkout and a cancelled run are errors. May run twice: each attempt has a workspace of its own.
 */
export function createRunJob(deps: RunJobDeps, providers = activityProviders(deps)): Activities['runJob'] {
  const mask = createMask(secretsIn(deps.config));
  return async function runJob(input) {
    const context = Context.current();
    const { workflowExecution, attempt } = context.info;
    const workflowId = workflowExecution?.workflowId ?? context.info.activityId;
    const began = Date.now();
    const workspace = await createWorkspace(deps.config);
    const jobLog = createJobLog({
      logs: deps.store.logs,
      job: { workflowId, job: input.name },
      attempt,
      mask,
      log: deps.log,
      mostBytes: deps.mostLogBytes,
    });
    let step = 0;
    const beat = setInterval(
      () => context.heartbeat({ step, of: input.steps.length, lines: jobLog.count() }),
      HEARTBEAT_MS,
    );
    try {
      await jobLog.note(
        attempt === 1
          ? `job ${input.name} begins`
          : `attempt ${attempt}: the worker of attempt ${attempt - 1} was lost, or the checkout failed`,
      );
      const job = { ...input, checkout: resolveCheckout(deps.config, input.checkout) };
      const variables = jobEnvironment(deps.config, { input: job, workspace, workflowId, attempt });
      await reportPending(deps, { input, jobLog });
      const results = await work(deps, {
        providers,
        input: job,
        workspace,
        jobLog,
        variables,
        onStep: (i) => (step = i + 1),
      });
      return {
        ...outcomeOf(results),
        durationMs: Date.now() - began,
        tail: jobLog.tail(),
        attempt,
        url: runUrl(deps.config.temporal.uiUrl, {
          namespace: context.info.namespace,
          workflowId,
          runId: workflowExecution?.runId,
        }),
      };
    } catch (error) {
      const how = input.waitsOut && isAway(error) ? 'waits, and begins again' : 'failed';
      await jobLog.note(context.cancellationSignal.aborted ? 'cancelled' : `${how}: ${(error as Error).message}`);
      throw input.waitsOut ? leftToTheRun(error) : error;
    } finally {
      await jobLog.end();
      await workspace
        .remove()
        .catch((error) =>
          deps.log.warn(
            { err: error, workspace: workspace.folder },
            'a workspace could not be removed: delete it by hand',
          ),
        );
      // Last: clearing up may take long, and without heartbeats Temporal would run the job again.
      clearInterval(beat);
    }
  };
}

interface Work {
  readonly providers: Providers;
  readonly input: RunJobInput;
  readonly workspace: Workspace;
  readonly jobLog: JobLog;
  readonly variables: Record<string, string>;
  readonly onStep: (index: number) => void;
}

/** Checks out and runs the steps, within the job's timeout. Throws the `CancelledFailure` when the run is cancelled. */
async function work(
  deps: RunJobDeps,
  { providers, input, workspace, jobLog, variables, onStep }: Work,
): Promise<StepResult[]> {
  const context = Context.current();
  const stop = new AbortController();
  const cancel = () => stop.abort();
  context.cancellationSignal.addEventListener('abort', cancel, { once: true });
  if (context.cancellationSignal.aborted) cancel();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    stop.abort();
  }, input.timeoutMs);
  try {
    const { repository, sha } = input.checkout;
    await jobLog.note(`check out ${sha} of ${repository}`);
    const isOut = await checkOut(
      { config: deps.config, providers, workspace, signal: stop.signal },
      input.checkout,
    ).then(
      () => true,
      (error) => {
        // Git was stopped by the timeout: that is a result like any other.
        if (timedOut) return false;
        throw error;
      },
    );
    const results = await runSteps({
      steps: isOut ? input.steps : [],
      cwd: workspace.source,
      env: variables,
      jobLog,
      signal: stop.signal,
      gracePeriods: deps.gracePeriods ?? GRACE_PERIODS,
      onStep,
    });
    if (context.cancellationSignal.aborted) await context.cancelled;
    if (timedOut) await jobLog.note(`stopped: the job took more than ${input.timeoutMs / 1000} s`);
    if (!isOut) return input.steps.map(({ name }) => ({ name, outcome: 'timed_out', durationMs: 0 }));
    return results;
  } finally {
    clearTimeout(timer);
    context.cancellationSignal.removeEventListener('abort', cancel);
  }
}

function outcomeOf(steps: readonly StepResult[]): Pick<JobResult, 'outcome' | 'passed' | 'steps'> {
  const outcomes = steps.map((step) => step.outcome);
  const outcome = outcomes.includes('timed_out')
    ? 'timed_out'
    : outcomes.every((each) => each === 'passed')
      ? 'passed'
      : 'failed';
  return { outcome, passed: outcome === 'passed', steps };
}

/** A job runs even if its provider is away. */
async function reportPending(
  deps: RunJobDeps,
  { input, jobLog }: { input: RunJobInput; jobLog: JobLog },
): Promise<void> {
  const { source, repository, sha } = input.checkout;
  const description = input.steps.length === 1 ? 'one step' : `${input.steps.length} steps`;
  const { context, runStartedAt } = input;
  const status: StatusInput = {
    ...{ source, repository, sha, state: 'pending', context, description },
    ...(runStartedAt !== undefined && { runStartedAt }),
  };
  await withDeadline({ ms: REPORT_MS }, () => deps.reportPending(status)).catch((error: Error) =>
    jobLog.note(`the pending status was not reported: ${error.message}`),
  );
}

import { Context } from '@temporalio/activity';
import { withDeadline } from '../../async/deadline.js';
import { withFirstAbort } from '../../async/first-abort.js';
import type { Providers } from '../../providers/apis.js';
import { storyUrl } from '../../runs/url.js';
import { finderOf, secretsIn } from '../../secrets/mask.js';
import { activityProviders } from '../activity-providers.js';
import type { HeldJob, HostStep, RunJobInput, StatusInput } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { isAway, leftToTheRun } from '../failures.js';
import { withHeartbeat } from '../heartbeat.js';
import { type Background, createBackground } from './background.js';
import { type CheckedOut, checkOut } from './checkout.js';
import { jobEnvironment, ownEnvironment } from './environment.js';
import { freshen } from './fresh-secrets.js';
import { createSignTokens } from './id-tokens.js';
import { createJobClock, type JobClock } from './job-clock.js';
import { createJobLog, type JobLog } from './job-log.js';
import { keepFromStrangers } from './keep-secrets.js';
import { killByEnv, WORKSPACE_VARIABLE } from './kill-by-env.js';
import type { LineCommands } from './lines.js';
import { createJobMask, type JobMask } from './masks/job-mask.js';
import { maskCommands } from './masks/mask-commands.js';
import { GRACE_PERIODS, type GracePeriods } from './process-group.js';
import { releaseWorkspace } from './release-workspace.js';
import { resolveCheckout } from './resolve-checkout.js';
import { openRunner } from './runners/open-runner.js';
import type { Runner } from './runners/runner.js';
import { type ToldOutputs, toldVariables } from './told-outputs.js';
import type { WatchedJob, WatchStep } from './watch-step.js';
import { createWorkspace } from './workspace.js';

/** What running jobs needs. */
export interface JobDeps extends ActivityDeps {
  /** Reports to the provider that the job has begun. */
  readonly reportPending: (input: StatusInput) => Promise<void>;
  readonly gracePeriods?: GracePeriods;
  /** How much output of one attempt is kept, in bytes. */
  readonly mostLogBytes?: number;
  /** What looks at the steps. */
  readonly watch?: readonly WatchStep[];
}

/** A job whose steps may run: a workspace with a checkout, and a log. */
export interface OpenJob extends WatchedJob {
  readonly input: OpenJobInput;
  readonly watch: readonly WatchStep[];
  readonly gracePeriods: GracePeriods;
  /** Starts what its steps run. */
  readonly runner: Runner;
  /** Of its steps; 0 leaves them the priority of the worker. */
  readonly niceness?: number;
  /** Aborts when the job's time is over. */
  readonly limit: AbortSignal;
  readonly clock: JobClock;
  /** The steps that run beside the others. */
  readonly background: Background;
  /** What its output is hidden by, and learns more of from its steps. */
  readonly masks: JobMask;
  /** Lines of its steps' output that tell something to the job. */
  readonly commands: LineCommands;
  /** What later steps have as variables. */
  readonly told: ToldOutputs;
  /** Which step is at work, from 1: for the heartbeats. */
  at: number;
  /** The last lines as the first step that did not pass has left them: what runs at the end says nothing of why. */
  failedWith?: string;
  /** Returns the environment of a step that starts now, with its secrets as they are now. Rejects as {@link jobEnvironment} throws. */
  environment(step: HostStep): Promise<Record<string, string>>;
  /** Returns the default branch of the repository that its event is of; undefined where that is not known. */
  defaultBranch(): string | undefined;
  /** Returns the paths of the files that were checked out; see {@link CheckedOut.tracked}. Throws where git can't tell. */
  readonly tracked: CheckedOut['tracked'];
  /** Returns the commits whose files were checked out. */
  heads(): CheckedOut['heads'];
  /** Returns what is known of the job now. */
  facts(): HeldJob;
}

/** A job that is opened. `steps`: how many it has. */
export type OpenJobInput = Omit<RunJobInput, 'steps'> & { readonly steps: number };

/**
 * Opens a job within an activity, hands it to `use` and closes it: ends what still runs, writes the log, removes the workspace.
 * `isOut`: false where the job's time was over before its commit was checked out. Returns what `use` does. Throws what that
 * throws, why nothing could be checked out, or the `CancelledFailure`. `folder`: what the workspace is called, where that is free.
 */
export type WithJob = <T>(
  input: OpenJobInput,
  use: (job: OpenJob, isOut: boolean) => Promise<T>,
  how?: { readonly folder?: string | undefined },
) => Promise<T>;

const HEARTBEAT_MS = 2_000;
const REPORT_MS = 10_000;

/** Returns what opens jobs. */
export function createWithJob(deps: JobDeps, providers = activityProviders(deps)): WithJob {
  const configured = finderOf(secretsIn(deps.config));
  return async function withJob(input, use, how) {
    const context = Context.current();
    const { workflowExecution } = context.info;
    const attempt = attemptOf(input);
    const workflowId = workflowExecution?.workflowId ?? context.info.activityId;
    const freeSlot = await withHeartbeat(() => slotOf(deps, context));
    const began = Date.now();
    const workspace = await createWorkspace(deps.config, how?.folder).catch((error) => {
      freeSlot();
      throw error;
    });
    const masks = createJobMask(configured);
    const { hide: mask } = masks;
    const commands = maskCommands(masks);
    const jobLog = createJobLog({
      logs: deps.store.logs,
      job: { workflowId, job: input.name },
      ...{ attempt, mask, commands },
      log: deps.log,
      mostBytes: deps.mostLogBytes,
    });
    const clock = createJobClock(input.timeoutMs);
    const background = createBackground();
    let told: Promise<void> | undefined;
    let job: OpenJob | undefined;
    let out: CheckedOut | undefined;
    let runner: Runner | undefined;
    const beat = setInterval(
      () => context.heartbeat({ step: job?.at ?? 0, of: input.steps, lines: jobLog.count() }),
      HEARTBEAT_MS,
    );
    try {
      await jobLog.note(
        attempt === 1
          ? `job ${input.name} begins`
          : `attempt ${attempt}: the worker of attempt ${attempt - 1} was lost, or the checkout failed`,
      );
      const resolved = { ...input, checkout: resolveCheckout(deps.config, input.checkout) };
      const automation = context.info.workflowType ?? '';
      const signTokens = createSignTokens(deps.config, { input: resolved, automation, workflowId, attempt });
      keepFromStrangers(resolved);
      const opening = AbortSignal.any([context.cancellationSignal, clock.limit]);
      runner = await openRunner({ config: deps.config, workspace, signal: opening, note: jobLog.note }, resolved);
      if (runner.inWords !== undefined) await jobLog.note(`its steps run ${runner.inWords}`);
      await freshen(deps.config, resolved.env, { masks, jobLog });
      const env = jobEnvironment(deps.config, { input: resolved, workspace, workflowId, attempt });
      const opened: OpenJob = {
        ...{ input: resolved, workspace, jobLog, mask, masks, commands, background, runner },
        watch: deps.watch ?? [],
        gracePeriods: deps.gracePeriods ?? GRACE_PERIODS,
        niceness: deps.config.jobs.niceness,
        ...{ clock, limit: clock.limit },
        told: new Map(),
        at: 0,
        async environment(step) {
          await freshen(deps.config, step.env ?? {}, opened);
          const own = ownEnvironment(deps.config, { ...resolved, env: step.env ?? {} });
          const tokens = await signTokens({ ...resolved.env, ...step.env });
          for (const token of Object.values(tokens)) masks.hideToo(token);
          // What the job's processes are found by is last.
          return {
            ...out?.variables,
            ...env,
            ...own,
            ...tokens,
            ...toldVariables(opened.told),
            [WORKSPACE_VARIABLE]: workspace.folder,
          };
        },
        merge: () => out?.variables.HOOKYARD_MERGE_COMMIT,
        defaultBranch: () => out?.defaultBranch,
        tracked: async (signal, how) => out?.tracked(signal, how) ?? [],
        heads: () => out?.heads ?? [],
        facts: () => ({
          durationMs: Date.now() - began,
          tail: job?.failedWith ?? jobLog.tail(),
          attempt,
          ...(runner && { runner: mask(runner.inWords ?? 'on the host') }),
          url: storyUrl(deps.config, {
            namespace: context.info.namespace,
            workflowId,
            runId: workflowExecution?.runId,
          }),
        }),
      };
      job = opened;
      told = reportPending(deps, { input, jobLog });
      out = await checkOutInTime(deps, { providers, job: opened });
      const result = await use(opened, out !== undefined);
      if (context.cancellationSignal.aborted) await context.cancelled;
      return result;
    } catch (error) {
      const how = input.waitsOut && isAway(error) ? 'waits, and begins again' : 'failed';
      await jobLog.note(context.cancellationSignal.aborted ? 'cancelled' : `${how}: ${(error as Error).message}`);
      throw input.waitsOut ? leftToTheRun(error) : error;
    } finally {
      clock.end();
      await background.stop();
      // Also what says of itself that it belongs to a background step.
      await runner?.close();
      await killByEnv(workspace.folder);
      await out?.end();
      await told;
      await jobLog.end();
      if (deps.releases) deps.releases.begin(workspace);
      else await releaseWorkspace(deps, workspace);
      freeSlot();
      // Last: clearing up may take long, and without heartbeats Temporal would run the job again.
      clearInterval(beat);
    }
  };
}

/** Returns which attempt of a job the activity at work is, from 1. */
export function attemptOf({ attemptsBefore = 0 }: Pick<RunJobInput, 'attemptsBefore'>): number {
  return attemptsBefore + Context.current().info.attempt;
}

/** Takes a slot for a job, and returns what frees it: those before it may still be given back. Throws the `CancelledFailure`. */
async function slotOf({ releases, config }: JobDeps, { cancellationSignal, cancelled }: Context): Promise<() => void> {
  if (!releases) return () => undefined;
  const slot = releases.takeSlot(config.jobs.slots, cancellationSignal);
  return slot.catch((error) => (cancellationSignal.aborted ? cancelled : Promise.reject(error)));
}

/** Checks the commit out. Returns undefined where the job's timeout has stopped git: that is a result like any other. */
async function checkOutInTime(
  { config, releases }: JobDeps,
  { providers, job: { input, jobLog, workspace, limit } }: { providers: Providers; job: OpenJob },
): Promise<CheckedOut | undefined> {
  const { cancellationSignal } = Context.current();
  const { repository, sha } = input.checkout;
  try {
    await jobLog.note(`check out ${sha} of ${repository}`);
    return await withFirstAbort([cancellationSignal, limit], (signal) =>
      checkOut({ config, providers, releases, workspace, signal, note: jobLog.note }, input.checkout),
    );
  } catch (error) {
    if (cancellationSignal.aborted || !limit.aborted) throw error;
    await jobLog.note(`stopped: the job took more than ${input.timeoutMs / 1000} s`);
    return undefined;
  }
}

/** A job runs even if its provider is away. */
async function reportPending(deps: JobDeps, { input, jobLog }: { input: OpenJobInput; jobLog: JobLog }): Promise<void> {
  const { source, repository, sha } = input.checkout;
  const description = input.steps === 1 ? 'one step' : `${input.steps} steps`;
  const { context, runStartedAt } = input;
  const status: StatusInput = {
    ...{ source, repository, sha, state: 'pending', context, description },
    ...(runStartedAt !== undefined && { runStartedAt }),
  };
  await withDeadline({ ms: REPORT_MS }, () => deps.reportPending(status)).catch((error: Error) =>
    jobLog.note(`the pending status was not reported: ${error.message}`),
  );
}

import { Context } from '@temporalio/activity';
import { z } from 'zod';
import type { Providers } from '../../providers/apis.js';
import type { BuildsApi, WorkflowApi, WorkflowRun } from '../../providers/builds-api.js';
import type { Activities, TriggerGithubRunInput } from '../contract/index.js';
import { notConfigured } from '../failures.js';
import { providerCall } from '../provider-call.js';
import { findByCorrelation, findDispatched } from './find-run.js';
import { type PollInterval, poll } from './poll.js';

/** The activities of a build by GitHub Actions. */
export type GithubRunActivities = Pick<Activities, 'triggerGithubRun' | 'awaitGithubRun' | 'cancelGithubRun'>;

/** How long the activities wait, in milliseconds. */
export interface GithubRunTiming {
  /** While a run goes on. */
  readonly running: PollInterval;
  /** While a run that was dispatched is not listed yet. */
  readonly finding: PollInterval;
  readonly findForMs: number;
  /** How long a later attempt looks for the run of an earlier one before it dispatches. */
  readonly lookBackMs: number;
}

const TIMING: GithubRunTiming = {
  running: { firstMs: 3_000, lastMs: 30_000, toleratedFailures: 10 },
  finding: { firstMs: 2_000, lastMs: 5_000, toleratedFailures: 10 },
  findForMs: 60_000,
  lookBackMs: 10_000,
};

/** How far GitHub's clock may be behind ours, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Heartbeat of an attempt that has dispatched. */
const progressSchema = z.object({ since: z.number() });

/**
 * Returns the activities that run GitHub Actions as a remote build. `triggerGithubRun` dispatches at most once whenever
 * it can tell: what an earlier attempt dispatched is looked for by the correlation id first.
 */
export function createGithubRuns(providers: Providers, timing: Partial<GithubRunTiming> = {}): GithubRunActivities {
  const { running, ...finding } = { ...TIMING, ...timing };

  /** Throws `NotConfigured` for a source without builds, `Refused` for a name that can't be one. */
  function select<T>(of: { source: string; repository: string }, from: (builds: BuildsApi) => T): Promise<T> {
    return providerCall(async () => {
      const builds = (await providers.repository(of.source, of.repository))?.builds;
      if (builds) return from(builds);
      throw notConfigured(
        `source ${of.source} can't run GitHub workflows: it must be of kind github and have sources.${of.source}.api.token or .app`,
      );
    });
  }

  return {
    async triggerGithubRun(input) {
      const { source, repository } = input;
      const workflow = await select(input, (builds) => builds.workflow(input.workflow));
      const { runId, url } = await trigger({ workflow, input, timing: finding });
      return { source, repository, runId, url };
    },

    async awaitGithubRun(ref) {
      const run = await select(ref, (builds) => builds.run(ref.runId));
      const result = await poll(() => providerCall(() => run.result()), { interval: running });
      if (result) return { ...result, passed: result.outcome === 'passed' };
      throw new Error(`run ${ref.runId} of ${ref.repository} did not end`);
    },

    async cancelGithubRun(ref) {
      const run = await select(ref, (builds) => builds.run(ref.runId));
      await providerCall(() => run.cancel());
    },
  };
}

interface Trigger {
  readonly workflow: WorkflowApi;
  readonly input: TriggerGithubRunInput;
  readonly timing: Omit<GithubRunTiming, 'running'>;
}

async function trigger({ workflow, input, timing }: Trigger): Promise<WorkflowRun> {
  const { info } = Context.current();
  const { finding: interval, findForMs, lookBackMs } = timing;
  const { correlationId, ref, inputs } = input;
  const find = (since: number) =>
    findDispatched({ workflow, correlationId, since }, { interval, forMs: findForMs, details: { since } });

  if (info.attempt > 1) {
    const earlier = progressSchema.safeParse(info.heartbeatDetails);
    if (earlier.success) return find(earlier.data.since);
    const since = info.scheduledTimestampMs - CLOCK_SKEW_MS;
    const lost = await findByCorrelation({ workflow, correlationId, since }, { interval, forMs: lookBackMs });
    if (lost) return lost;
  }
  const dispatched = await providerCall(() => workflow.dispatch({ ref, inputs }));
  return 'run' in dispatched ? dispatched.run : find(dispatched.since);
}

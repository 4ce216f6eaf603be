import { Context } from '@temporalio/activity';
import { z } from 'zod';
import type { GithubRepository } from '../../providers/github/api/client.js';
import { checkRunId, checkWorkflow } from '../../providers/github/api/repository.js';
import type { Activities, GithubRunRef, RemoteBuildOutcome, TriggerGithubRunInput } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { providerCall } from '../provider-call.js';
import { dispatchRun } from './dispatch-run.js';
import { type FoundRun, findByCorrelation, findDispatched } from './find-run.js';
import { type Pace, poll } from './poll.js';
import { createFindRepository } from './repositories.js';

export type GithubRunActivities = Pick<Activities, 'triggerGithubRun' | 'awaitGithubRun' | 'cancelGithubRun'>;

/** How patient the activities are, in milliseconds. */
export interface GithubRunTiming {
  /** While a run goes on. */
  readonly running: Pace;
  /** While a run that was dispatched is not listed yet. */
  readonly finding: Pace;
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

const runSchema = z.object({ status: z.string().nullish(), conclusion: z.string().nullish(), html_url: z.string() });
/** Heartbeat of an attempt that has dispatched. */
const progressSchema = z.object({ since: z.number() });

/**
 * GitHub Actions as a remote build. `triggerGithubRun` dispatches at most once whenever it can tell: what an earlier
 * attempt dispatched is looked for by the correlation id first.
 */
export function createGithubRuns(deps: ActivityDeps, timing: Partial<GithubRunTiming> = {}): GithubRunActivities {
  const find = createFindRepository(deps);
  const { running, ...finding } = { ...TIMING, ...timing };

  async function runOf(ref: GithubRunRef): Promise<{ api: GithubRepository; run_id: string }> {
    return { api: await find(ref), run_id: await providerCall(async () => checkRunId(ref.runId)) };
  }

  return {
    async triggerGithubRun(input) {
      const { source, repository } = input;
      await providerCall(async () => checkWorkflow(input.workflow));
      const run = await trigger({ api: await find(input), input, timing: finding });
      return { source, repository, ...run };
    },

    async awaitGithubRun(ref) {
      const { api, run_id } = await runOf(ref);
      const ended = await poll(() => outcome(api, run_id), { pace: running });
      if (ended) return ended;
      throw new Error(`run ${ref.runId} of ${ref.repository} did not end`);
    },

    async cancelGithubRun(ref) {
      const { api, run_id } = await runOf(ref);
      // 409: it has ended already.
      await api.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel', { run_id }, { accept: [409] });
    },
  };
}

interface Trigger {
  readonly api: GithubRepository;
  readonly input: TriggerGithubRunInput;
  readonly timing: Omit<GithubRunTiming, 'running'>;
}

async function trigger({ api, input, timing }: Trigger): Promise<FoundRun> {
  const { info } = Context.current();
  const { finding: pace, findForMs, lookBackMs } = timing;
  const wanted = { api, workflow: input.workflow, correlationId: input.correlationId };
  const find = (since: number) => findDispatched({ ...wanted, since }, { pace, forMs: findForMs, details: { since } });

  if (info.attempt > 1) {
    const earlier = progressSchema.safeParse(info.heartbeatDetails);
    if (earlier.success) return find(earlier.data.since);
    const since = info.scheduledTimestampMs - CLOCK_SKEW_MS;
    const lost = await findByCorrelation({ ...wanted, since }, { pace, forMs: lookBackMs });
    if (lost) return lost;
  }
  const dispatched = await dispatchRun(api, input);
  return 'run' in dispatched ? dispatched.run : find(dispatched.since);
}

/** Undefined while it goes on. Source: https://docs.github.com/en/rest/actions/workflow-runs#get-a-workflow-run */
async function outcome(api: GithubRepository, run_id: string): Promise<RemoteBuildOutcome | undefined> {
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
  const { data } = await api.request(route, { run_id }, { once: true });
  const run = runSchema.parse(data);
  if (run.status !== 'completed') return undefined;
  const conclusion = run.conclusion ?? 'unknown';
  const passed = ['success', 'neutral', 'skipped'].includes(conclusion);
  const ending = conclusion === 'cancelled' ? 'cancelled' : 'failed';
  return { outcome: passed ? 'passed' : ending, passed, conclusion, url: run.html_url };
}

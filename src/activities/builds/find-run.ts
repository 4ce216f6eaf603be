import { z } from 'zod';
import type { GithubRepository } from '../../providers/github/api/client.js';
import { notConfigured } from '../failures.js';
import { type PollOptions, poll } from './poll.js';

export interface FoundRun {
  readonly runId: string;
  readonly url: string;
}

export interface DispatchedRun {
  readonly api: GithubRepository;
  readonly workflow: string;
  readonly correlationId: string;
  /** Earliest time of its creation by GitHub's clock, in milliseconds. */
  readonly since: number;
}

const runsSchema = z.object({
  workflow_runs: z.array(
    z.object({
      id: z.union([z.number(), z.bigint()]),
      html_url: z.string(),
      name: z.string().nullish(),
      display_title: z.string().nullish(),
    }),
  ),
});

type ListedRun = z.output<typeof runsSchema>['workflow_runs'][number];

/** The run whose name carries the correlation id; undefined when none appears in time. */
export async function findByCorrelation(run: DispatchedRun, options: PollOptions): Promise<FoundRun | undefined> {
  return poll(async () => found((await listRuns(run)).find((listed) => carries(listed, run.correlationId))), options);
}

/**
 * The run of a dispatch that GitHub accepted without naming it. If no name carries the correlation id, the only run that
 * was created since is taken; if there are several, nobody can tell: throws `NotConfigured`, and is not retried, because
 * the dispatch has been made.
 */
export async function findDispatched(run: DispatchedRun, options: PollOptions): Promise<FoundRun> {
  const named = await findByCorrelation(run, options);
  if (named) return named;
  const candidates = await listRuns(run);
  const only = candidates.length === 1 ? found(candidates[0]) : undefined;
  if (only) return only;
  throw notConfigured(
    `GitHub accepted the dispatch of ${run.workflow} but ${candidates.length} runs could be it. ` +
      'To tell them apart, pass the correlation id as an input and put that input into the run-name of the workflow file',
  );
}

/** Source: https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow */
async function listRuns({ api, workflow, since }: DispatchedRun): Promise<ListedRun[]> {
  const { data } = await api.request(
    'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
    {
      workflow_id: workflow,
      event: 'workflow_dispatch',
      created: `>=${new Date(since).toISOString().replace(/\.\d+Z$/, 'Z')}`,
      per_page: 50,
    },
    { once: true },
  );
  return runsSchema.parse(data).workflow_runs;
}

function found(run: ListedRun | undefined): FoundRun | undefined {
  return run && { runId: String(run.id), url: run.html_url };
}

/** As a word of its own: `deploy-1` is not the run of `deploy-12`. */
function carries({ name, display_title }: ListedRun, correlationId: string): boolean {
  if (correlationId === '') return false;
  const word = new RegExp(`(?<![\\w-])${correlationId.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\w-])`);
  return [display_title, name].some((title) => title && word.test(title));
}

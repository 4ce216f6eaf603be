import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import type { Dispatched, ListedRun, RunState, WorkflowApi, WorkflowRunApi } from '../../builds-api.js';
import { ProviderError } from '../../error.js';
import { readPages } from '../../pages.js';
import { id } from '../../shapes.js';
import type { GithubConnection } from './client.js';
import { checkedRunId, checkedWorkflow } from './names.js';

const WORKFLOW = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}';
const RUN = '/repos/{owner}/{repo}/actions/runs/{run_id}';

const dispatchedSchema = z.object({ workflow_run_id: id, html_url: z.string() });
const listedSchema = z.object({
  ...{ id, html_url: z.string() },
  ...{ name: z.string().nullish(), display_title: z.string().nullish() },
  // Of a tag its name, too.
  ...{ head_branch: z.string().nullish(), head_sha: z.string().nullish() },
});
const runsSchema = z.object({ workflow_runs: z.array(listedSchema) });
const status = z.string().nullish();
const runSchema = z.object({
  status,
  conclusion: z.string().nullish(),
  html_url: z.string(),
  head_sha: z.string().optional(),
});
const workflowSchema = z.object({ name: z.string(), state: z.string() });

/** GitHub lists no more of a search. */
const MOST = 1000;
const PER_PAGE = 100;

/** Conclusions that count as passed, as for a required check. */
const PASSED: readonly string[] = ['success', 'neutral', 'skipped'];

/** GitHub Actions. */
export function builds(api: GithubConnection): Required<Pick<RepositoryApi, 'builds'>> {
  return {
    builds: {
      workflow: (name) => workflow(api, checkedWorkflow(name)),
      run: (runId) => run(api, checkedRunId(runId)),
    },
  };
}

function workflow(api: GithubConnection, workflow_id: string): WorkflowApi {
  const post = (body: Readonly<Record<string, unknown>>, accept: readonly number[] = []) =>
    api.request(`POST ${WORKFLOW}/dispatches`, { workflow_id, ...body }, { accept, once: true });
  return {
    /**
     * Version 2026-03-10 of the API names the run always, and no longer documents the option; with 2022-11-28, github.com
     * names it when it is asked to. An older Enterprise Server answers 204 without a body. Who refuses the option as an
     * unknown key (422) is sent the dispatch once more without it.
     *
     * Source: https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
     */
    async dispatch({ ref, inputs }): Promise<Dispatched> {
      const started = Date.now();
      let answer = await post({ ref, inputs, return_run_details: true }, [400, 422]);
      if (answer.status >= 400) answer = await post({ ref, inputs });
      const named = dispatchedSchema.safeParse(answer.data).data;
      if (named) return { run: { runId: named.workflow_run_id, url: named.html_url } };
      const took = Date.now() - started;
      // GitHub's times are whole seconds.
      return { since: (answer.at ?? Date.now()) - took - 1000 };
    },

    /** Source: https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow */
    async dispatchedSince(time): Promise<readonly ListedRun[]> {
      const created = `>=${new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')}`;
      const parameters = { workflow_id, event: 'workflow_dispatch', created, per_page: PER_PAGE };
      const { items, complete } = await readPages(1, {
        most: MOST,
        async read(page) {
          const options = { schema: runsSchema, once: true };
          const { workflow_runs } = await api.get(`GET ${WORKFLOW}/runs`, { ...parameters, page }, options);
          return { items: workflow_runs, next: workflow_runs.length < PER_PAGE ? undefined : page + 1 };
        },
      });
      if (!complete)
        throw new ProviderError('refused', `GitHub has more than ${MOST} runs of ${workflow_id} since then`);
      return items.map((listed) => ({
        runId: listed.id,
        url: listed.html_url,
        titles: [listed.display_title, listed.name].filter((title) => title != null),
        branch: listed.head_branch ?? undefined,
        commit: listed.head_sha ?? undefined,
      }));
    },

    /** Source: https://docs.github.com/en/rest/actions/workflows#get-a-workflow */
    async about() {
      const { name, state } = await api.get(`GET ${WORKFLOW}`, { workflow_id }, { schema: workflowSchema });
      return { name, isActive: state === 'active' };
    },
  };
}

function run(api: GithubConnection, run_id: string): WorkflowRunApi {
  /** Source: https://docs.github.com/en/rest/actions/workflow-runs#get-a-workflow-run */
  async function state(): Promise<RunState> {
    const found = await api.get(`GET ${RUN}`, { run_id }, { schema: runSchema, once: true });
    const { status, conclusion, html_url: url, head_sha } = found;
    const more = { url, ...(head_sha !== undefined && { commit: head_sha }) };
    if (status !== 'completed') return { outcome: undefined, conclusion: status ?? 'unknown', ...more };
    return { outcome: outcomeOf(conclusion), conclusion: conclusion ?? 'unknown', ...more };
  }

  return {
    state,

    /**
     * 404: it is gone, or the token may not see the repository. 409: it has ended, or can't be cancelled, which passes where it "has not
     * been queued yet".
     */
    async cancel() {
      const { status } = await api.request(`POST ${RUN}/cancel`, { run_id }, { accept: [404, 409] });
      if (status < 300 && status !== 202)
        throw new ProviderError(
          'unavailable',
          `GitHub answered ${status} and not 202 to the cancelling of run ${run_id}`,
        );
      if (status === 404) await api.request('GET /repos/{owner}/{repo}', {});
      if (status === 409 && (await state()).outcome === undefined)
        throw new ProviderError('unavailable', `GitHub answered 409 and did not cancel run ${run_id}`, { status });
    },
  };
}

function outcomeOf(conclusion: string | null | undefined): NonNullable<RunState['outcome']> {
  if (conclusion === 'cancelled') return 'cancelled';
  return conclusion && PASSED.includes(conclusion) ? 'passed' : 'failed';
}

import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import type { Dispatched, ListedRun, RunResult, WorkflowApi, WorkflowRunApi } from '../../builds-api.js';
import { id } from '../../shapes.js';
import type { GithubConnection } from './client.js';
import { checkedRunId, checkedWorkflow } from './names.js';

const WORKFLOW = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}';
const RUN = '/repos/{owner}/{repo}/actions/runs/{run_id}';

const dispatchedSchema = z.object({ workflow_run_id: id, html_url: z.string() });
const runsSchema = z.object({
  workflow_runs: z.array(
    z.object({ id, html_url: z.string(), name: z.string().nullish(), display_title: z.string().nullish() }),
  ),
});
const runSchema = z.object({ status: z.string().nullish(), conclusion: z.string().nullish(), html_url: z.string() });

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
      const parameters = { workflow_id, event: 'workflow_dispatch', created, per_page: 50 };
      const { workflow_runs: runs } = await api.get(`GET ${WORKFLOW}/runs`, parameters, {
        schema: runsSchema,
        once: true,
      });
      return runs.map((listed) => ({
        runId: listed.id,
        url: listed.html_url,
        titles: [listed.display_title, listed.name].filter((title) => title != null),
      }));
    },
  };
}

function run(api: GithubConnection, run_id: string): WorkflowRunApi {
  return {
    /** Source: https://docs.github.com/en/rest/actions/workflow-runs#get-a-workflow-run */
    async result(): Promise<RunResult | undefined> {
      const found = await api.get(`GET ${RUN}`, { run_id }, { schema: runSchema, once: true });
      const { status, conclusion, html_url: url } = found;
      if (status !== 'completed') return undefined;
      return { outcome: outcomeOf(conclusion), conclusion: conclusion ?? 'unknown', url };
    },

    async cancel() {
      // 409: it has ended already.
      await api.request(`POST ${RUN}/cancel`, { run_id }, { accept: [409] });
    },
  };
}

function outcomeOf(conclusion: string | null | undefined): RunResult['outcome'] {
  if (conclusion === 'cancelled') return 'cancelled';
  return conclusion && PASSED.includes(conclusion) ? 'passed' : 'failed';
}

import { z } from 'zod';
import type { GithubAnswer, GithubRepository } from '../../providers/github/api/client.js';
import type { TriggerGithubRunInput } from '../contract/index.js';
import type { FoundRun } from './find-run.js';

const detailsSchema = z.object({
  workflow_run_id: z.union([z.number(), z.bigint()]),
  html_url: z.string(),
});

/** The run if GitHub named it; else the earliest time at which it can have been created, by GitHub's clock. */
export type Dispatched = { readonly run: FoundRun } | { readonly since: number };

/**
 * Dispatches the workflow once. github.com names the run when it is asked to; an older Enterprise Server answers 204
 * without a body, or refuses the question as an unknown key (422), so that a refused dispatch is made once more without it.
 *
 * Source: https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
 */
export async function dispatchRun(api: GithubRepository, input: TriggerGithubRunInput): Promise<Dispatched> {
  const body = { workflow_id: input.workflow, ref: input.ref, inputs: input.inputs };
  const started = Date.now();
  let answer = await post(api, { ...body, return_run_details: true }, [400, 422]);
  if (answer.status >= 400) answer = await post(api, body);

  const details = detailsSchema.safeParse(answer.data);
  if (details.success) return { run: { runId: String(details.data.workflow_run_id), url: details.data.html_url } };
  const took = Date.now() - started;
  // GitHub's times are whole seconds.
  return { since: (answer.at ?? Date.now()) - took - 1000 };
}

/** Never sent again by the client itself: an answer that was lost may belong to a run that has started. */
function post(api: GithubRepository, body: Record<string, unknown>, accept: number[] = []): Promise<GithubAnswer> {
  const route = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches';
  return api.request(route, body, { accept, once: true });
}

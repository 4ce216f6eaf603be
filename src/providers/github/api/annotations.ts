import { z } from 'zod';
import { truncate } from '../../../events/truncate.js';
import type { Annotation, RepositoryApi } from '../../api.js';
import { checkedSha } from '../../names.js';
import { id } from '../../shapes.js';
import type { GithubConnection } from './client.js';

/** GitHub takes no more in one request, and adds those of a later one to those before. */
const AT_ONCE = 50;
/** Check runs of one name on one commit that are looked through for our own. */
const MOST_RUNS = 100;
/** In characters. */
const MAX = { name: 200, title: 255, message: 8_000, summary: 2_000 } as const;

const CHECK_RUNS = '/repos/{owner}/{repo}/check-runs';
const checkRunSchema = z.object({
  id,
  external_id: z.string().nullish(),
  output: z.object({ annotations_count: z.int().nullish() }).nullish(),
});
const listSchema = z.object({ check_runs: z.array(checkRunSchema) });

const LEVELS = { error: 'failure', warning: 'warning', notice: 'notice' } as const;

/**
 * Returns the call that shows problems as annotations of a check run, which only an app with the permission "checks" may make. Its
 * conclusion is `neutral`: the commit status says how the job has ended. GitHub shows the newest of a name, so that one without
 * annotations, whose conclusion is `success`, takes the place of those before. How many annotations the run has already tells
 * where a call that broke off goes on. Source: https://docs.github.com/en/rest/checks/runs
 */
export function annotations(api: GithubConnection): Required<Pick<RepositoryApi, 'annotate'>> {
  return {
    async annotate({ sha, context, id: externalId, title, targetUrl, annotations: all }) {
      const name = `${truncate(context, MAX.name)}: problems`;
      const conclusion = all.length > 0 ? 'neutral' : 'success';
      const output = { title: truncate(title, MAX.title), summary: truncate(summaryOf(title), MAX.summary) };
      const body = (from: number) => ({
        ...(from + AT_ONCE >= all.length ? { status: 'completed', conclusion } : { status: 'in_progress' }),
        output: { ...output, annotations: all.slice(from, from + AT_ONCE).map(githubAnnotation) },
      });
      let run = await find(api, { sha, name, externalId });
      let written = run?.written ?? 0;
      if (!run) {
        const made = {
          name,
          head_sha: checkedSha(sha),
          external_id: externalId,
          ...(targetUrl && { details_url: targetUrl }),
        };
        // Not retried: the run may have been made although the answer was lost.
        const parameters = { ...made, ...body(0) };
        const { id: checkRun } = await api.get(`POST ${CHECK_RUNS}`, parameters, {
          schema: checkRunSchema,
          once: true,
        });
        run = { checkRun, written: 0 };
        written = Math.min(AT_ONCE, all.length);
      }
      for (; written < all.length; written += AT_ONCE)
        await api.request(
          `PATCH ${CHECK_RUNS}/{check_run_id}`,
          { check_run_id: run.checkRun, ...body(written) },
          { once: true },
        );
    },
  };
}

async function find(
  api: GithubConnection,
  { sha, name, externalId }: { sha: string; name: string; externalId: string },
): Promise<{ checkRun: string; written: number } | undefined> {
  const { check_runs: runs } = await api.get(
    'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
    { ref: checkedSha(sha), check_name: name, filter: 'all', per_page: MOST_RUNS },
    { schema: listSchema },
  );
  const found = runs.find((each) => each.external_id === externalId);
  return found && { checkRun: found.id, written: found.output?.annotations_count ?? 0 };
}

/** A summary is Markdown, where a title has a meaning that nobody meant. */
function summaryOf(title: string): string {
  return title.replace(/[\\`*_{}[\]()<>#+!|~@&]/g, '\\$&');
}

/** Returns a problem as GitHub takes it. It is shown as plain text. A column needs the line to be one. */
export function githubAnnotation({
  file,
  line,
  column,
  severity,
  title,
  message,
}: Annotation): Record<string, unknown> {
  return {
    path: file,
    start_line: line,
    end_line: line,
    ...(column !== undefined && { start_column: column, end_column: column }),
    annotation_level: LEVELS[severity],
    title: truncate(title, MAX.title),
    message: truncate(message, MAX.message),
  };
}

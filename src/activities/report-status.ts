import { Context } from '@temporalio/activity';
import { z } from 'zod';
import type { Config } from '../config/config.js';
import type { Activities, StatusInput } from './contract.js';
import type { ActivityDeps } from './deps.js';
import { createGithub, type RepositoryApi } from './github/client.js';
import { checkSha } from './github/repository.js';
import { runUrl } from './run-url.js';

/** GitHub's limit for a status description, in characters. */
const LONGEST_DESCRIPTION = 140;

const statusesSchema = z.array(z.object({ context: z.string(), state: z.string(), target_url: z.string().nullish() }));

/**
 * Writes one commit status. Throws a non-retryable `NotConfigured` or `Refused` failure; everything else is retried.
 *
 * Source: https://docs.github.com/en/rest/commits/statuses
 */
export function createReportStatus(deps: ActivityDeps): Activities['reportStatus'] {
  const github = createGithub(deps);
  return async function reportStatus(input) {
    const kind = Object.hasOwn(deps.config.sources, input.source) ? deps.config.sources[input.source]?.kind : undefined;
    if (kind && kind !== 'github')
      return {
        reported: false,
        because: `statuses are reported to GitHub, and source ${input.source} is of kind ${kind}`,
      };
    const api = github.find(input.source, input.repository);
    if (!api) return { reported: false, because: `source ${input.source} has no API credentials` };
    const sha = checkSha(input.sha);
    const target_url = input.targetUrl ?? pageOfThisRun(deps.config);
    const target = isWebAddress(target_url) ? { target_url } : {};

    const isLate = input.state === 'pending' && Context.current().info.attempt > 1;
    if (isLate && (await hasEnded({ api, input, ...target }))) {
      return { reported: false, because: 'this run has reported its end already' };
    }
    await api.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
      sha,
      state: input.state,
      context: input.context,
      description: shortened(input.description),
      ...target,
    });
    return { reported: true };
  };
}

/** A repeated `pending` may come after the end of its own run, which it would hide for ever. The newest status is first. */
async function hasEnded({ api, input, target_url }: { api: RepositoryApi; input: StatusInput; target_url?: string }) {
  const { data } = await api.request('GET /repos/{owner}/{repo}/commits/{ref}/statuses', {
    ref: input.sha,
    per_page: 100,
  });
  const latest = statusesSchema.parse(data).find(({ context }) => context === input.context);
  return latest !== undefined && latest.state !== 'pending' && (latest.target_url ?? undefined) === target_url;
}

function pageOfThisRun(config: Config): string {
  const { namespace, workflowExecution } = Context.current().info;
  return workflowExecution ? runUrl(config, { namespace, ...workflowExecution }) : '';
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** Counts code points, so that the cut never halves one. */
function shortened(description: string): string {
  const characters = [...description];
  if (characters.length <= LONGEST_DESCRIPTION) return description;
  return `${characters.slice(0, LONGEST_DESCRIPTION - 1).join('')}…`;
}

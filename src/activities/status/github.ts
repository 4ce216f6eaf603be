import { Context } from '@temporalio/activity';
import { z } from 'zod';
import type { ActivityDeps } from '../deps.js';
import { createGithub, type RepositoryApi } from '../github/client.js';
import { checkSha } from '../github/repository.js';
import { type Status, type WriteStatus, withoutCredentials } from './status.js';

const statusesSchema = z.array(z.object({ context: z.string(), state: z.string(), target_url: z.string().nullish() }));

/** Commit statuses at GitHub. Source: https://docs.github.com/en/rest/commits/statuses */
export function createGithubStatus(deps: ActivityDeps): WriteStatus {
  const github = createGithub(deps);
  return async (status) => {
    const api = github.find(status.source, status.repository);
    if (!api) return withoutCredentials(status.source);
    const isLate = status.state === 'pending' && Context.current().info.attempt > 1;
    if (isLate && (await hasEnded(api, status))) {
      return { reported: false, because: 'this run has reported its end already' };
    }
    await api.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
      sha: checkSha(status.sha),
      state: status.state,
      context: status.context,
      description: status.description,
      ...(status.targetUrl && { target_url: status.targetUrl }),
    });
    return { reported: true };
  };
}

/** A repeated `pending` may come after the end of its own run, which it would hide for ever. The newest status is first. */
async function hasEnded(api: RepositoryApi, { sha, context, targetUrl }: Status): Promise<boolean> {
  const { data } = await api.request('GET /repos/{owner}/{repo}/commits/{ref}/statuses', {
    ref: checkSha(sha),
    per_page: 100,
  });
  const latest = statusesSchema.parse(data).find((status) => status.context === context);
  return latest !== undefined && latest.state !== 'pending' && (latest.target_url ?? undefined) === targetUrl;
}

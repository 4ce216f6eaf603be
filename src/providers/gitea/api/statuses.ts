import { z } from 'zod';
import type { RepositoryApi, StatusState } from '../../api.js';
import { fullSha } from '../../names.js';
import type { GiteaRepository } from './repository.js';

/** `skipped` is known to the newest versions only: what is skipped counts as passed. */
const STATES: Readonly<Record<StatusState, string>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failure',
  error: 'error',
  skipped: 'success',
};

const KNOWN: Readonly<Record<string, StatusState>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failure',
  error: 'error',
  warning: 'failure',
  skipped: 'skipped',
};

const MAX_DESCRIPTION = 140;
const MAX_STATUSES = 500;

const statusSchema = z.object({ context: z.string(), status: z.string(), target_url: z.string().nullish() });

/** Commit statuses of Gitea and Forgejo. Source: https://docs.gitea.com/api/ (repoCreateStatus, repoListStatusesByRef) */
export function giteaStatuses({
  connection,
  path,
}: GiteaRepository): Required<Pick<RepositoryApi, 'writeStatus' | 'readStatus'>> {
  return {
    async writeStatus({ sha, state, context, description, targetUrl }) {
      const body = {
        state: STATES[state],
        context,
        description: shortened(description),
        ...(targetUrl && { target_url: targetUrl }),
      };
      await connection.send({ method: 'POST', path: `${path}/statuses/${fullSha(sha)}`, body });
    },
    async readStatus({ sha, context }) {
      const isAsked = (status: z.output<typeof statusSchema>) => status.context === context;
      const { items } = await connection.list(
        { path: `${path}/commits/${fullSha(sha)}/statuses`, query: { sort: 'highestindex' } },
        statusSchema,
        { what: 'commit status', most: MAX_STATUSES, enough: (page) => page.some(isAsked) },
      );
      const found = items.find(isAsked);
      if (!found) return undefined;
      const state = (Object.hasOwn(KNOWN, found.status) ? KNOWN[found.status] : undefined) ?? 'error';
      return { state, ...(found.target_url && { targetUrl: found.target_url }) };
    },
  };
}

/** Counts code points, so that the cut never halves one. */
function shortened(description: string): string {
  const characters = [...description];
  if (characters.length <= MAX_DESCRIPTION) return description;
  return `${characters.slice(0, MAX_DESCRIPTION - 1).join('')}…`;
}

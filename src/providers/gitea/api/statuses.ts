import { z } from 'zod';
import { truncate } from '../../../events/truncate.js';
import type { RepositoryApi, StatusState } from '../../api.js';
import { checkedSha } from '../../names.js';
import type { GiteaRepository } from './repository.js';

/** Only the newest versions know `skipped`, so what is skipped counts as passed. */
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

/**
 * Returns the calls about commit statuses of Gitea and Forgejo. Source: https://docs.gitea.com/api/ (repoCreateStatus,
 * repoListStatusesByRef)
 */
export function giteaStatuses({
  connection,
  path,
}: GiteaRepository): Required<Pick<RepositoryApi, 'writeStatus' | 'readStatus'>> {
  return {
    async writeStatus({ sha, state, context, description, targetUrl }) {
      const body = {
        state: STATES[state],
        context,
        description: truncate(description, MAX_DESCRIPTION),
        ...(targetUrl && { target_url: targetUrl }),
      };
      await connection.send({ method: 'POST', path: `${path}/statuses/${checkedSha(sha)}`, body });
    },
    async readStatus({ sha, context }) {
      const isAsked = (status: z.output<typeof statusSchema>) => status.context === context;
      const { items } = await connection.list(
        { path: `${path}/commits/${checkedSha(sha)}/statuses`, query: { sort: 'highestindex' } },
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

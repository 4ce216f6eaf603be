import { z } from 'zod';
import { truncate } from '../../../events/truncate.js';
import type { RepositoryApi, StatusState } from '../../api.js';
import { checkedSha } from '../../names.js';
import type { GithubConnection } from './client.js';
import { readList } from './list.js';

const MAX_DESCRIPTION = 140;
/** GitHub answers 422 to a longer one: https://github.com/runatlantis/atlantis/issues/2506 */
const MAX_CONTEXT = 255;
/** GitHub allows no more for one commit and context. */
const MAX_STATUSES = 1000;

const statusSchema = z.object({
  context: z.string(),
  state: z.enum(['pending', 'success', 'failure', 'error']),
  target_url: z.string().nullish(),
});

/** GitHub has no `skipped`. A skipped check counts as passed there too. */
const STATES: Readonly<Record<StatusState, z.output<typeof statusSchema>['state']>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failure',
  error: 'error',
  skipped: 'success',
};

/** Returns the calls about commit statuses. Source: https://docs.github.com/en/rest/commits/statuses */
export function statuses(api: GithubConnection): Required<Pick<RepositoryApi, 'writeStatus' | 'readStatus'>> {
  return {
    async writeStatus({ sha, state, context, description, targetUrl }) {
      await api.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
        sha: checkedSha(sha),
        state: STATES[state],
        context: truncate(context, MAX_CONTEXT),
        description: truncate(description, MAX_DESCRIPTION),
        ...(targetUrl && { target_url: targetUrl }),
      });
    },

    async readStatus({ sha, context }) {
      const isWanted = (status: { context: string }) => status.context === truncate(context, MAX_CONTEXT);
      const { items } = await readList(api, 'GET /repos/{owner}/{repo}/commits/{ref}/statuses', {
        parameters: { ref: checkedSha(sha) },
        item: statusSchema,
        most: MAX_STATUSES,
        until: isWanted,
      });
      // The newest is the first.
      const latest = items.find(isWanted);
      return latest && { state: latest.state, ...(latest.target_url && { targetUrl: latest.target_url }) };
    },
  };
}

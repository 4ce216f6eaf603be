import { z } from 'zod';
import type { RepositoryApi, StatusState } from '../../api.js';
import { checkedSha } from '../../names.js';
import { text } from '../../shapes.js';
import { listOf } from './connection.js';
import type { AzureRepository } from './repository.js';

const STATES: Readonly<Record<StatusState, string>> = {
  pending: 'pending',
  success: 'succeeded',
  failure: 'failed',
  error: 'error',
  skipped: 'notApplicable',
};

/** States of what has ended. All others are of something that goes on. */
const ENDED: Readonly<Record<string, StatusState>> = {
  succeeded: 'success',
  partiallySucceeded: 'success',
  failed: 'failure',
  error: 'error',
  notApplicable: 'skipped',
};

/** The genre of our statuses, which are shown and chosen in branch policies as `hookyard/name`. */
const GENRE = 'hookyard';
/** The default length of the list. */
const MAX_STATUSES = 1_000;

const statusSchema = z.object({
  id: z.int(),
  state: z.string().nullish(),
  targetUrl: text(2_000).nullish(),
  context: z.object({ name: z.string().nullish(), genre: z.string().nullish() }).nullish(),
});

/**
 * Returns the calls about statuses of commits. Source: https://learn.microsoft.com/rest/api/azure/devops/git/statuses
 */
export function azureStatuses({
  connection,
  path,
}: AzureRepository): Required<Pick<RepositoryApi, 'writeStatus' | 'readStatus'>> {
  const statuses = (sha: string) => `${path}/commits/${checkedSha(sha)}/statuses`;
  return {
    async writeStatus({ sha, state, context, description, targetUrl }) {
      const body = {
        state: STATES[state],
        description,
        context: { name: nameOf(context), genre: GENRE },
        ...(targetUrl && { targetUrl }),
      };
      await connection.send({ method: 'POST', path: statuses(sha), body });
    },
    async readStatus({ sha, context }) {
      const request = { path: statuses(sha), query: { latestOnly: true, top: MAX_STATUSES } };
      const { value } = await connection.get(request, listOf(statusSchema), 'list of statuses');
      const name = nameOf(context);
      const found = value
        .filter((status) => status.context?.genre === GENRE && status.context.name === name)
        .sort((a, b) => b.id - a.id)[0];
      if (!found) return undefined;
      const state = found.state && Object.hasOwn(ENDED, found.state) ? ENDED[found.state] : undefined;
      return { state: state ?? 'pending', ...(found.targetUrl && { targetUrl: found.targetUrl }) };
    },
  };
}

/** Returns a context without the genre. */
function nameOf(context: string): string {
  const prefix = `${GENRE}/`;
  return context.startsWith(prefix) && context.length > prefix.length ? context.slice(prefix.length) : context;
}

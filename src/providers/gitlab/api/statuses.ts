import { z } from 'zod';
import { truncate } from '../../../events/truncate.js';
import type { RepositoryApi, StatusState, StatusToWrite } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedSha } from '../../names.js';
import type { GitlabProject } from './project.js';

/**
 * GitLab has no state for an error that is not the code's fault. It has `skipped`, but where pipelines must succeed,
 * one of skipped statuses alone blocks a merge, and older versions reject it: so what is skipped counts as passed.
 */
const STATES: Readonly<Record<StatusState, string>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failed',
  error: 'failed',
  skipped: 'success',
};

/** All other states are of what has not ended. Source: https://docs.gitlab.com/api/pipelines/ */
const ENDED: Readonly<Record<string, StatusState>> = {
  success: 'success',
  failed: 'failure',
  canceled: 'error',
  skipped: 'skipped',
};

const MAX_DESCRIPTION = 140;
/** The longest name and the longest URL, in characters. */
const MAX = 255;
const MAX_STATUSES = 500;

const statusSchema = z.object({ id: z.int(), name: z.string(), status: z.string(), target_url: z.string().nullish() });

/** Returns the calls about commit statuses. Source: https://docs.gitlab.com/api/commits/#set-commit-pipeline-status */
export function gitlabStatuses({
  connection,
  path,
}: GitlabProject): Required<Pick<RepositoryApi, 'writeStatus' | 'readStatus'>> {
  async function newest({ sha, context }: { sha: string; context: string }) {
    const name = truncate(context, MAX);
    const { items } = await connection.list(
      { path: `${path}/repository/commits/${checkedSha(sha)}/statuses`, query: { name } },
      statusSchema,
      { what: 'commit status', most: MAX_STATUSES },
    );
    // One commit can have a status of the same name in several pipelines.
    return items.filter((status) => status.name === name).sort((a, b) => b.id - a.id)[0];
  }

  return {
    async writeStatus(status) {
      try {
        await connection.send({
          method: 'POST',
          path: `${path}/statuses/${checkedSha(status.sha)}`,
          body: bodyOf(status),
        });
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        if (error.status === 409) throw new ProviderError('unavailable', error.message, { status: 409 });
        // GitLab answers 400 to pending for what is pending or running already.
        if (error.status === 400 && isSame((await newest(status))?.status, STATES[status.state])) return;
        throw error;
      }
    },
    async readStatus(of) {
      const found = await newest(of);
      if (!found) return undefined;
      const state = (Object.hasOwn(ENDED, found.status) ? ENDED[found.status] : undefined) ?? 'pending';
      return { state, ...(found.target_url && { targetUrl: found.target_url }) };
    },
  };
}

function bodyOf({ state, context, description, targetUrl }: StatusToWrite): object {
  return {
    state: STATES[state],
    name: truncate(context, MAX),
    description: truncate(description, MAX_DESCRIPTION),
    // A URL that was cut would lead nowhere.
    ...(targetUrl && targetUrl.length <= MAX && { target_url: targetUrl }),
  };
}

function isSame(found: string | undefined, asked: string): boolean {
  return found === asked || (asked === 'pending' && found === 'running');
}

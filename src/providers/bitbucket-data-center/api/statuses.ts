import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cutToCharacters } from '../../../events/truncate.js';
import type { Response } from '../../../http/json-client.js';
import type { RepositoryApi, StatusState, StatusToWrite } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedSha } from '../../names.js';
import { text } from '../../shapes.js';
import { CORE, type DataCenterRepository } from './repository.js';

/** `CANCELLED` would say what happened when it was not the code's fault; servers before 7.4 do not know it. */
const STATES: Readonly<Record<StatusState, string>> = {
  pending: 'INPROGRESS',
  success: 'SUCCESSFUL',
  failure: 'FAILED',
  error: 'FAILED',
  skipped: 'SUCCESSFUL',
};

const WRITTEN: Readonly<Record<string, StatusState>> = {
  INPROGRESS: 'pending',
  SUCCESSFUL: 'success',
  FAILED: 'failure',
  CANCELLED: 'error',
  UNKNOWN: 'error',
};

/** In characters; longer ones are refused. */
const MAX = 255;
const MAX_URL = 450;
/** The older API has no more of a commit. */
const MAX_STATUSES = 100;

const statusSchema = z.object({ key: z.string(), state: z.string(), url: text(2_000).nullish() });

/**
 * Build statuses, by key. Servers before 7.4 have them by commit alone.
 * Source: https://developer.atlassian.com/server/bitbucket/how-tos/updating-build-status-for-commits
 */
export function dataCenterStatuses({
  connection,
  path,
  web,
}: DataCenterRepository): Required<Pick<RepositoryApi, 'writeStatus' | 'readStatus'>> {
  const builds = (sha: string) => `${CORE}${path}/commits/${checkedSha(sha)}/builds`;
  const olderBuilds = (sha: string) => `/build-status/1.0/commits/${checkedSha(sha)}`;
  /** An address is a must. */
  const pageOf = (sha: string) => `${web}/commits/${sha}`;

  function bodyOf({ sha, state, context, description, targetUrl }: StatusToWrite): object {
    return {
      key: keyOf(context),
      name: cut(context),
      state: STATES[state],
      description: cut(description),
      // Half an address leads nowhere.
      url: targetUrl && targetUrl.length <= MAX_URL ? targetUrl : pageOf(sha),
    };
  }

  async function newest({ sha, context }: { sha: string; context: string }) {
    const key = keyOf(context);
    const response = await connection.send({ path: builds(sha), query: { key }, accept: [404] });
    if (response.status !== 404) return connection.read(statusSchema, response, 'build status');
    if (isFromBitbucket(response)) return undefined;
    const { items } = await connection.list({ path: olderBuilds(sha) }, statusSchema, {
      what: 'build status',
      most: MAX_STATUSES,
    });
    return items.find((status) => status.key === key);
  }

  return {
    async writeStatus(status) {
      const sent = { method: 'POST', body: bodyOf(status) } as const;
      const response = await connection.send({ ...sent, path: builds(status.sha), accept: [404] });
      if (response.status !== 404) return;
      if (isFromBitbucket(response))
        throw new ProviderError('refused', `there is no commit ${status.sha} to report a status of`, { status: 404 });
      await connection.send({ ...sent, path: olderBuilds(status.sha) });
    },
    async readStatus(of) {
      const found = await newest(of);
      if (!found) return undefined;
      const { state, url } = found;
      const targetUrl = url && url !== pageOf(of.sha) ? { targetUrl: url } : {};
      return { state: (Object.hasOwn(WRITTEN, state) ? WRITTEN[state] : undefined) ?? 'pending', ...targetUrl };
    },
  };
}

const errorsSchema = z.object({ errors: z.array(z.object({ exceptionName: z.string() })).min(1) });

/** Bitbucket says what it does not find; an address that a server does not know is answered before it comes to that. */
function isFromBitbucket({ json }: Response): boolean {
  const { data } = errorsSchema.safeParse(json);
  return data?.errors.some(({ exceptionName }) => exceptionName.startsWith('com.atlassian.')) === true;
}

/** The context, unless it is too long: then its beginning, and what tells it from others that begin so. */
export function keyOf(context: string): string {
  if (context.length <= MAX) return context;
  return `${cut(context)}-${createHash('sha256').update(context).digest('hex').slice(0, 32)}`;
}

/** Half as many characters, for each may count as two. */
function cut(value: string): string {
  return value.length <= MAX ? value : cutToCharacters(value, 110);
}

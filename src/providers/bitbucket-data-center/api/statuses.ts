import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cutToCharacters } from '../../../events/truncate.js';
import type { Response } from '../../../http/json-client.js';
import type { RepositoryApi, StatusState, StatusToWrite } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedSha } from '../../names.js';
import { text } from '../../shapes.js';
import { CORE, type DataCenterRepository } from './repository.js';

/** `CANCELLED` would fit what is not the code's fault, but servers before 7.4 do not know it. */
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

/** In characters. Bitbucket refuses longer keys, names and descriptions. */
const MAX = 255;
const MAX_URL = 450;
/** The older API keeps no more statuses of a commit. */
const MAX_STATUSES = 100;

const statusSchema = z.object({ key: z.string(), state: z.string(), url: text(2_000).nullish() });

/**
 * Returns the calls about build statuses, each of which has a key. Servers before 7.4 list them by commit alone.
 * Source: https://developer.atlassian.com/server/bitbucket/how-tos/updating-build-status-for-commits
 */
export function dataCenterStatuses({
  connection,
  path,
  web,
}: DataCenterRepository): Required<Pick<RepositoryApi, 'writeStatus' | 'readStatus'>> {
  const builds = (sha: string) => `${CORE}${path}/commits/${checkedSha(sha)}/builds`;
  const olderBuilds = (sha: string) => `/build-status/1.0/commits/${checkedSha(sha)}`;
  /** A status must have an address. */
  const pageOf = (sha: string) => `${web}/commits/${sha}`;

  function bodyOf({ sha, state, context, description, targetUrl }: StatusToWrite): object {
    return {
      key: keyOf(context),
      name: cut(context),
      state: STATES[state],
      description: cut(description),
      // An address that is too long is left out: cut, it would lead nowhere.
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

/**
 * Whether a 404 is Bitbucket's own, about a missing commit, and not that of a server that does not know the address.
 */
function isFromBitbucket({ json }: Response): boolean {
  const { data } = errorsSchema.safeParse(json);
  return data?.errors.some(({ exceptionName }) => exceptionName.startsWith('com.atlassian.')) === true;
}

/**
 * Returns the key of a context. One that is too long is cut, and gets a hash that tells it from others that begin
 * alike.
 */
export function keyOf(context: string): string {
  if (context.length <= MAX) return context;
  return `${cut(context)}-${createHash('sha256').update(context).digest('hex').slice(0, 32)}`;
}

/** Cuts what is too long to less than half of the limit, since a character may count as two. */
function cut(value: string): string {
  return value.length <= MAX ? value : cutToCharacters(value, 110);
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cutToCharacters } from '../../../events/truncate.js';
import type { RepositoryApi, StatusState } from '../../api.js';
import { checkedSha } from '../../names.js';
import { text } from '../../shapes.js';
import type { CloudRepository } from './repository.js';

/** `STOPPED` would fit what is not the code's fault, but it does not block a merge. */
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
  STOPPED: 'error',
};

const MAX_KEY = 40;
const MAX_NAME = 255;

const statusSchema = z.object({ state: z.string(), url: text(2_000).nullish() });

/**
 * Returns the calls about build statuses. A status overwrites the one with the same key.
 * Source: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/
 */
export function cloudStatuses({
  connection,
  path,
  web,
}: CloudRepository): Required<Pick<RepositoryApi, 'writeStatus' | 'readStatus'>> {
  const builds = (sha: string) => `${path}/commit/${checkedSha(sha)}/statuses/build`;
  /** A status must have an address. */
  const pageOf = (sha: string) => `${web}/commits/${sha}`;

  return {
    async writeStatus({ sha, state, context, description, targetUrl }) {
      const body = {
        key: keyOf(context),
        name: cutToCharacters(context, MAX_NAME),
        state: STATES[state],
        description,
        url: literal(targetUrl ?? pageOf(sha)),
      };
      await connection.send({ method: 'POST', path: builds(sha), body });
    },
    async readStatus({ sha, context }) {
      const response = await connection.send({ path: `${builds(sha)}/${keyOf(context)}`, accept: [404] });
      if (response.status === 404) return undefined;
      const { state, url } = connection.read(statusSchema, response, 'build status');
      const targetUrl = url && url !== pageOf(sha) ? { targetUrl: url } : {};
      return { state: (Object.hasOwn(WRITTEN, state) ? WRITTEN[state] : undefined) ?? 'pending', ...targetUrl };
    },
  };
}

/**
 * Returns a key for a context, as short as Bitbucket wants it. The receiver recognises our own statuses by its
 * beginning.
 */
export function keyOf(context: string): string {
  return `hookyard-${createHash('sha256').update(context).digest('hex')}`.slice(0, MAX_KEY);
}

/** Escapes braces in an address: Bitbucket would fill in what they enclose. */
function literal(url: string): string {
  return url.replaceAll('{', '%7B').replaceAll('}', '%7D');
}

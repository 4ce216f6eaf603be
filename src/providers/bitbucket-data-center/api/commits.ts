import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedRef, checkedSha } from '../../names.js';
import { commitMessage, sha } from '../../shapes.js';
import { pageSchema } from './connection.js';
import { CORE, type DataCenterRepository } from './repository.js';

/**
 * Returns what finds the newest commit of a branch, or a commit by its first digits. Source:
 * https://developer.atlassian.com/server/bitbucket/rest/
 */
export function dataCenterResolveCommit({
  connection,
  path,
}: DataCenterRepository): NonNullable<RepositoryApi['resolveCommit']> {
  return async (name) => {
    const request = { path: `${CORE}${path}/commits`, query: { until: checkedRef(name), limit: 1 } };
    const { values } = await connection.get(request, pageSchema(z.object({ id: sha })), 'list of commits');
    if (values[0]) return values[0].id;
    throw new ProviderError('refused', `there is no commit ${JSON.stringify(name.slice(0, 100))}`);
  };
}

/** Returns what reads a commit's message. Source: as above. */
export function dataCenterCommitMessage({
  connection,
  path,
}: DataCenterRepository): NonNullable<RepositoryApi['commitMessage']> {
  return async (name) => {
    const request = { path: `${CORE}${path}/commits/${checkedSha(name)}` };
    return (await connection.get(request, z.object({ message: commitMessage }), 'commit')).message;
  };
}

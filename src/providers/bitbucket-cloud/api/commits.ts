import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { checkedRef, checkedSha, encodedSegment } from '../../names.js';
import { commitMessage, sha } from '../../shapes.js';
import type { CloudRepository } from './repository.js';

/**
 * Returns what finds a commit by its first digits or by a branch.
 * Sources: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/, …/api-group-refs/
 */
export function cloudResolveCommit(repository: CloudRepository): NonNullable<RepositoryApi['resolveCommit']> {
  return async (name) => {
    const { connection, path } = repository;
    const commit = isHexadecimal(name) ? await resolvedCommit(repository, name) : undefined;
    if (commit) return commit;
    const branch = z.object({ target: z.object({ hash: sha }) });
    const request = { path: `${path}/refs/branches/${encodedSegment(checkedRef(name))}` };
    return (await connection.get(request, branch, 'branch')).target.hash;
  };
}

/** Returns what reads a commit's message. Source: as above. */
export function cloudCommitMessage({ connection, path }: CloudRepository): NonNullable<RepositoryApi['commitMessage']> {
  return async (name) => {
    const request = { path: `${path}/commit/${checkedSha(name)}` };
    return (await connection.get(request, z.object({ message: commitMessage }), 'commit')).message;
  };
}

/** Returns a commit's whole name by its first digits. Undefined if no commit, or several, begin with them. */
export async function resolvedCommit(
  { connection, path }: CloudRepository,
  digits: string,
): Promise<string | undefined> {
  const response = await connection.send({ path: `${path}/commit/${encodedSegment(digits)}`, accept: [404] });
  if (response.status === 404) return undefined;
  const { hash } = connection.read(z.object({ hash: sha }), response, 'commit');
  return hash.startsWith(digits) ? hash : undefined;
}

function isHexadecimal(name: string): boolean {
  return /^[0-9a-f]{4,64}$/.test(name);
}

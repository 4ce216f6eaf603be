import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { checkedRef, checkedSha, encodedSegment } from '../../names.js';
import { commitMessage, sha } from '../../shapes.js';
import type { GitlabProject } from './project.js';

/** Returns the call that looks a commit up. Source: https://docs.gitlab.com/api/commits/#retrieve-a-commit */
export function gitlabResolveCommit({ connection, path }: GitlabProject): NonNullable<RepositoryApi['resolveCommit']> {
  return async (name) => {
    const address = `${path}/repository/commits/${encodedSegment(checkedRef(name))}`;
    const { id } = await connection.get({ path: address }, z.object({ id: sha }), 'commit');
    return id;
  };
}

/** Returns the call that reads a commit's message. Source: as above. */
export function gitlabCommitMessage({ connection, path }: GitlabProject): NonNullable<RepositoryApi['commitMessage']> {
  return async (name) => {
    const address = `${path}/repository/commits/${checkedSha(name)}`;
    return (await connection.get({ path: address }, z.object({ message: commitMessage }), 'commit')).message;
  };
}

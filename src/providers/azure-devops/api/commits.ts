import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { checkedSha } from '../../names.js';
import { commitMessage } from '../../shapes.js';
import type { AzureRepository } from './repository.js';

/** Returns what reads a commit's message. Source: https://learn.microsoft.com/rest/api/azure/devops/git/commits/get */
export function azureCommitMessage({ connection, path }: AzureRepository): NonNullable<RepositoryApi['commitMessage']> {
  return async (name) => {
    const request = { path: `${path}/commits/${checkedSha(name)}` };
    return (await connection.get(request, z.object({ comment: commitMessage }), 'commit')).comment;
  };
}

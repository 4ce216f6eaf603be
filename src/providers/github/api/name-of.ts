import { checkedId } from '../../names.js';
import { parseResponse } from '../../parse.js';
import { repositorySchema } from '../shapes.js';
import type { GithubConnection } from './client.js';

/**
 * Returns the call that finds a repository by its id: where GitHub's redirect of an old name leads. An app's tokens are
 * for named repositories, so that it relies on that redirect.
 */
export function nameOf(api: GithubConnection): (repositoryId: string) => Promise<string | undefined> {
  return async (repositoryId) => {
    const route = 'GET /repositories/{repository_id}';
    const parameters = { repository_id: checkedId(repositoryId) };
    const { status, data } = await api.request(route, parameters, { accept: [404] });
    if (status === 404) return undefined;
    return parseResponse(repositorySchema, data, { what: `GitHub's response to ${route}` }).full_name;
  };
}

import { repositorySchema } from '../../github/shapes.js';
import { checkedId, encodedSegment, ownerAndName } from '../../names.js';
import { orUndefinedIf404 } from '../../undefined-if-404.js';
import type { GiteaConnection } from './connection.js';

/** Of the account's own list of repositories. */
const MAX_REPOSITORIES = 2_000;

/** A repository, and the connection for requests about it. */
export interface GiteaRepository {
  readonly connection: GiteaConnection;
  /** What its paths in the API begin with. */
  readonly path: string;
}

/** Returns the repository of a full name. Throws {@link ProviderError} (`refused`) for what is not `owner/name`. */
export function giteaRepository(fullName: string, connection: GiteaConnection): GiteaRepository {
  const { owner, repo } = ownerAndName(fullName);
  return { connection, path: `/repos/${encodedSegment(owner)}/${encodedSegment(repo)}` };
}

/** Returns the call that finds a repository of Gitea or Forgejo by its id. Source: https://docs.gitea.com/api/ (repoGetByID) */
export function giteaNameOf({ get }: GiteaConnection): (repositoryId: string) => Promise<string | undefined> {
  return async (repositoryId) => {
    const request = { path: `/repositories/${checkedId(repositoryId)}` };
    return (await orUndefinedIf404(get(request, repositorySchema, 'repository')))?.full_name;
  };
}

/** Returns the call that finds a repository of Gogs by its id, among those that the account may see as its own. */
export function gogsNameOf({ list }: GiteaConnection): (repositoryId: string) => Promise<string | undefined> {
  return async (repositoryId) => {
    const options = { what: 'repository', most: MAX_REPOSITORIES };
    const { items } = await list({ path: '/user/repos' }, repositorySchema, options);
    return items.find(({ id }) => id === repositoryId)?.full_name;
  };
}

import { withoutSlash } from '../../api-base.js';
import { encodedSegment, ownerAndName } from '../../names.js';
import { orUndefinedIf404 } from '../../undefined-if-404.js';
import { repositorySchema } from '../shapes.js';
import type { CloudConnection } from './connection.js';

/** One repository, and the connection to its API. */
export interface CloudRepository {
  readonly connection: CloudConnection;
  readonly workspace: string;
  readonly slug: string;
  /** The path that its addresses in the API begin with. */
  readonly path: string;
  /** The address of its page, without a slash at the end. */
  readonly web: string;
}

/** Returns the repository `workspace/repository`. Throws {@link ProviderError} (`refused`) for any other name. */
export function cloudRepository(fullName: string, on: { connection: CloudConnection; url: string }): CloudRepository {
  const { owner, repo } = ownerAndName(fullName);
  const [workspace, slug] = [encodedSegment(owner), encodedSegment(repo)];
  return {
    connection: on.connection,
    workspace,
    slug,
    path: `/repositories/${workspace}/${slug}`,
    web: `${withoutSlash(on.url)}/${workspace}/${slug}`,
  };
}

/**
 * Returns the call that finds a repository by its UUID, for which no workspace has to be named. Source:
 * https://developer.atlassian.com/cloud/bitbucket/rest/intro/#uuid
 */
export function cloudNameOf({ get }: CloudConnection): (repositoryId: string) => Promise<string | undefined> {
  return async (repositoryId) => {
    const request = { path: `/repositories/${encodedSegment('{}')}/${encodedSegment(`{${repositoryId}}`)}` };
    return (await orUndefinedIf404(get(request, repositorySchema, 'repository')))?.full_name;
  };
}

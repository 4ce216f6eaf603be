import { withoutSlash } from '../../api-base.js';
import { encodedSegment, ownerAndName } from '../../names.js';
import { fullNameOf, repositorySchema } from '../shapes.js';
import type { DataCenterConnection } from './connection.js';

/** One repository, and the connection to its API. */
export interface DataCenterRepository {
  readonly connection: DataCenterConnection;
  readonly projectKey: string;
  readonly slug: string;
  /** The path below each of the server's APIs: `/projects/KEY/repos/slug`. */
  readonly path: string;
  /** The server's web base, without a slash at the end. */
  readonly server: string;
  /** The address of its page, without a slash at the end. */
  readonly web: string;
}

/** Of the list of all repositories that the account may see. */
const MAX_REPOSITORIES = 5_000;

/** The core API. All versions since 2013 know `latest`. */
export const CORE = '/api/latest';

/**
 * Returns the repository `KEY/slug`; the key of a person's own project is `~name`. Throws {@link ProviderError}
 * (`refused`) for any other name.
 */
export function dataCenterRepository(
  fullName: string,
  on: { connection: DataCenterConnection; url: string },
): DataCenterRepository {
  const { owner: projectKey, repo: slug } = ownerAndName(fullName);
  const path = `/projects/${encodedSegment(projectKey)}/repos/${encodedSegment(slug)}`;
  const server = withoutSlash(on.url);
  return { connection: on.connection, projectKey, slug, path, server, web: `${server}${path}` };
}

/** Returns the call that finds a repository by its id. No address has one, so that all are listed until it is found. */
export function dataCenterNameOf({
  list,
}: DataCenterConnection): (repositoryId: string) => Promise<string | undefined> {
  return async (repositoryId) => {
    const isIt = ({ id }: { id: string }) => id === repositoryId;
    const options = { what: 'repository', most: MAX_REPOSITORIES };
    const { items } = await list({ path: `${CORE}/repos` }, repositorySchema, {
      ...options,
      enough: (page) => page.some(isIt),
    });
    const found = items.find(isIt);
    return found && fullNameOf(found);
  };
}

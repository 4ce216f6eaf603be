import { encodedSegment, ownerAndName } from '../../names.js';
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
  const server = on.url.replace(/\/+$/, '');
  return { connection: on.connection, projectKey, slug, path, server, web: `${server}${path}` };
}

import { withoutSlash } from '../../api-base.js';
import { ProviderError } from '../../error.js';
import { encodedSegment } from '../../names.js';
import { name, pageOf } from '../shapes.js';
import type { AzureConnection } from './connection.js';

/** One repository, and the connection to its API. */
export interface AzureRepository {
  readonly connection: AzureConnection;
  /** The source's URL, without a slash at the end. */
  readonly organisation: string;
  /** The path that its addresses in the API begin with. */
  readonly path: string;
  /** The address of its page, without a slash at the end. */
  readonly web: string;
}

/** Returns the repository called `project/repository`. Throws {@link ProviderError} (`refused`) for any other name. */
export function azureRepository(fullName: string, on: { connection: AzureConnection; url: string }): AzureRepository {
  const [project = '', repository = '', ...more] = fullName.split('/');
  if (more.length > 0 || !name.safeParse(project).success || !name.safeParse(repository).success)
    throw new ProviderError(
      'refused',
      `${JSON.stringify(fullName.slice(0, 200))} is not a repository: it must read project/repository`,
    );
  const organisation = withoutSlash(on.url);
  return {
    connection: on.connection,
    organisation,
    path: `/${encodedSegment(project)}/_apis/git/repositories/${encodedSegment(repository)}`,
    web: pageOf({ project: { name: project }, name: repository }, organisation),
  };
}

import { ProviderError } from '../../error.js';
import { encodedSegment } from '../../names.js';
import type { AzureConnection } from './connection.js';

/** One repository, and the connection to ask about it. */
export interface AzureRepository {
  readonly connection: AzureConnection;
  /** `project/repository`, as they are called. */
  readonly fullName: string;
  /** Of its addresses in the API. */
  readonly path: string;
  /** Its page, without a slash at the end. */
  readonly web: string;
}

/**
 * Names may hold blanks and letters of any language.
 * Source: https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions
 */
const NAME = /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}\\/:*?"<>|;#${},+=[\]]{1,140}$/u;

/** Throws {@link ProviderError} (`refused`) for what is not `project/repository`. */
export function azureRepository(fullName: string, on: { connection: AzureConnection; url: string }): AzureRepository {
  const [project = '', repository = '', ...more] = fullName.split('/');
  if (more.length > 0 || !NAME.test(project) || !NAME.test(repository))
    throw new ProviderError(
      'refused',
      `${JSON.stringify(fullName.slice(0, 200))} is not a repository: it must read project/repository`,
    );
  return {
    connection: on.connection,
    fullName,
    path: `/${encodedSegment(project)}/_apis/git/repositories/${encodedSegment(repository)}`,
    web: `${on.url.replace(/\/+$/, '')}/${encodedSegment(project)}/_git/${encodedSegment(repository)}`,
  };
}

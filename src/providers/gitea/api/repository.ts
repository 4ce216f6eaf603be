import { encodedSegment, ownerAndName } from '../../names.js';
import type { GiteaConnection } from './connection.js';

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

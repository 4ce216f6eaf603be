import { encodedSegment, ownerAndName } from '../../names.js';
import type { GiteaConnection } from './connection.js';

/** One repository, and the connection to ask about it. */
export interface GiteaRepository {
  readonly connection: GiteaConnection;
  /** Of its addresses in the API. */
  readonly path: string;
}

/** Throws {@link ProviderError} (`refused`) for what is not `owner/name`. */
export function giteaRepository(fullName: string, connection: GiteaConnection): GiteaRepository {
  const { owner, repo } = ownerAndName(fullName);
  return { connection, path: `/repos/${encodedSegment(owner)}/${encodedSegment(repo)}` };
}

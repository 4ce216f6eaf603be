import { encodedSegment, ownerAndName } from '../../names.js';
import type { CloudConnection } from './connection.js';

/** One repository, and the connection to ask about it. */
export interface CloudRepository {
  readonly connection: CloudConnection;
  readonly workspace: string;
  readonly slug: string;
  /** Of its addresses in the API. */
  readonly path: string;
  /** Its page, without a slash at the end. */
  readonly web: string;
}

/** Throws {@link ProviderError} (`refused`) for what is not `workspace/repository`. */
export function cloudRepository(fullName: string, on: { connection: CloudConnection; url: string }): CloudRepository {
  const { owner, repo } = ownerAndName(fullName);
  const [workspace, slug] = [encodedSegment(owner), encodedSegment(repo)];
  return {
    connection: on.connection,
    workspace,
    slug,
    path: `/repositories/${workspace}/${slug}`,
    web: `${on.url.replace(/\/+$/, '')}/${workspace}/${slug}`,
  };
}

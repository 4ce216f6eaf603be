import { repositoryParts } from '../../names.js';
import type { GitlabConnection } from './connection.js';

/** One project, and the connection to ask about it. */
export interface GitlabProject {
  readonly connection: GitlabConnection;
  /** With all its groups: `group/subgroup/name`. */
  readonly fullName: string;
  /** Of its addresses in the API. */
  readonly path: string;
  /** Its page, without a slash at the end. */
  readonly web: string;
}

/** Throws {@link ProviderError} (`refused`) for what is no project's path. */
export function gitlabProject(fullName: string, on: { connection: GitlabConnection; url: string }): GitlabProject {
  const name = repositoryParts(fullName).join('/');
  return {
    connection: on.connection,
    fullName: name,
    path: `/projects/${encodeURIComponent(name)}`,
    web: `${on.url.replace(/\/+$/, '')}/${name}`,
  };
}

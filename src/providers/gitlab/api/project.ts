import { repositoryParts } from '../../names.js';
import type { GitlabConnection } from './connection.js';

/** A project, and the connection for requests about it. */
export interface GitlabProject {
  readonly connection: GitlabConnection;
  /** With all its groups: `group/subgroup/name`. */
  readonly fullName: string;
  /** What its paths in the API begin with. */
  readonly path: string;
  /** Its page, without a slash at the end. */
  readonly web: string;
}

/** Returns the project of a full name. Throws {@link ProviderError} (`refused`) for what is not a project's path. */
export function gitlabProject(fullName: string, on: { connection: GitlabConnection; url: string }): GitlabProject {
  const name = repositoryParts(fullName).join('/');
  return {
    connection: on.connection,
    fullName: name,
    path: `/projects/${encodeURIComponent(name)}`,
    web: `${on.url.replace(/\/+$/, '')}/${name}`,
  };
}

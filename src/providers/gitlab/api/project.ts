import { z } from 'zod';
import { withoutSlash } from '../../api-base.js';
import { checkedId, repositoryParts } from '../../names.js';
import { orUndefinedIf404 } from '../../undefined-if-404.js';
import { path } from '../shapes.js';
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
    web: `${withoutSlash(on.url)}/${name}`,
  };
}

/** Returns the call that finds a project by its id. Source: https://docs.gitlab.com/api/projects/#retrieve-a-project */
export function gitlabNameOf({ get }: GitlabConnection): (repositoryId: string) => Promise<string | undefined> {
  return async (repositoryId) => {
    const request = { path: `/projects/${checkedId(repositoryId)}` };
    const read = await orUndefinedIf404(get(request, z.object({ path_with_namespace: path }), 'project'));
    return read?.path_with_namespace;
  };
}

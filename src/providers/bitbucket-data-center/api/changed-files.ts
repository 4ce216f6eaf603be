import { z } from 'zod';
import type { Request, Response } from '../../../http/json-client.js';
import type { RepositoryApi } from '../../api.js';
import { checkedId, checkedSha } from '../../names.js';
import { pageSchema } from './connection.js';
import { CORE, type DataCenterRepository } from './repository.js';

/** A server's default limit. There is no second page. */
const MAX_FILES = 1_000;

const pathSchema = z.object({ components: z.array(z.string()).min(1) });
const changesSchema = pageSchema(z.object({ path: pathSchema, srcPath: pathSchema.nullish() }));

/**
 * Returns what lists the paths that a pull request (from the merge base to its head) or a push changes. A push is
 * compared from tree to tree, so that a forced one is reported correctly too. Source:
 * https://developer.atlassian.com/server/bitbucket/rest/
 */
export function dataCenterChangedFiles({
  connection,
  path,
}: DataCenterRepository): NonNullable<RepositoryApi['changedFiles']> {
  const requestOf = (of: Parameters<NonNullable<RepositoryApi['changedFiles']>>[0]): Request =>
    of.kind === 'push'
      ? {
          path: `${CORE}${path}/commits/${checkedSha(of.after)}/changes`,
          query: { since: checkedSha(of.before), limit: MAX_FILES },
          // After a forced push, the commit before may be gone.
          accept: [404],
        }
      : {
          path: `${CORE}${path}/pull-requests/${checkedId(of.number)}/changes`,
          query: { withComments: false, limit: MAX_FILES },
        };

  function pathsIn(response: Response): readonly string[] | undefined {
    const { values, isLastPage } = connection.read(changesSchema, response, 'list of changes');
    if (isLastPage !== true || values.length >= MAX_FILES) return undefined;
    const paths = values.flatMap((change) => [change.path, change.srcPath]);
    return [...new Set(paths.flatMap((path) => (path ? [path.components.join('/')] : [])))].sort();
  }

  return async (of) => {
    const response = await connection.send(requestOf(of));
    return response.status === 404 ? undefined : pathsIn(response);
  };
}

import { z } from 'zod';
import type { Request, Response } from '../../../http/json-client.js';
import type { RepositoryApi } from '../../api.js';
import { checkedId, checkedSha } from '../../names.js';
import { pageSchema } from './connection.js';
import { CORE, type DataCenterRepository } from './repository.js';

/** A server's own limit, unless it is set to another; there is no second page behind it. */
const MAX_FILES = 1_000;

const pathSchema = z.object({ components: z.array(z.string()).min(1) });
const changesSchema = pageSchema(z.object({ path: pathSchema, srcPath: pathSchema.nullish() }));

/**
 * A pull request's changes from the merge base to its head; a push's from tree to tree, so that a forced one is told as
 * truly as any other. Source: https://developer.atlassian.com/server/bitbucket/rest/
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
          // The commit before may be gone, after a forced push.
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

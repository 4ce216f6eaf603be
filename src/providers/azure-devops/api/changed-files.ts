import { z } from 'zod';
import type { ChangeRange, RepositoryApi } from '../../api.js';
import { checkedId, checkedSha } from '../../names.js';
import { readPages } from '../../pages.js';
import { listOf } from './connection.js';
import type { AzureRepository } from './repository.js';

const MAX_CHANGES = 10_000;
/** Azure's largest page. */
const PER_PAGE = 2_000;
const MAX_PAGES = 20;

const changeSchema = z.object({
  changeType: z.string(),
  item: z
    .object({ path: z.string().nullish(), isFolder: z.boolean().nullish(), gitObjectType: z.string().nullish() })
    .nullish(),
  /** The path before a rename: `originalPath` in iterations, `sourceServerItem` in comparisons. */
  originalPath: z.string().nullish(),
  sourceServerItem: z.string().nullish(),
});
type Change = z.output<typeof changeSchema>;

type Paths = readonly string[] | undefined;

/** Returns what lists the paths that a push or a pull request changes. */
export function azureChangedFiles(repository: AzureRepository): NonNullable<RepositoryApi['changedFiles']> {
  return (of) => (of.kind === 'push' ? ofPush(repository, of) : ofPullRequest(repository, of.number));
}

/**
 * Reads the changes of the newest iteration, which are those from the merge base.
 * Source: https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-iteration-changes/get
 */
async function ofPullRequest({ connection, path }: AzureRepository, number: number): Promise<Paths> {
  const iterations = `${path}/pullRequests/${checkedId(number)}/iterations`;
  const idSchema = z.object({ id: z.int().positive() });
  const { value } = await connection.get({ path: iterations }, listOf(idSchema), 'list of iterations');
  if (value.length === 0) return undefined;
  const newest = Math.max(...value.map((iteration) => iteration.id));
  const pageSchema = z.object({ changeEntries: z.array(changeSchema).nullish(), nextSkip: z.int().nullish() });
  const { items, complete } = await readPages<Change, number>(0, {
    most: MAX_CHANGES,
    async read(skip) {
      const request = { path: `${iterations}/${newest}/changes`, query: { $top: PER_PAGE, $skip: skip } };
      const { changeEntries, nextSkip } = await connection.get(request, pageSchema, 'list of changes');
      const items = changeEntries ?? [];
      return { items, next: nextSkip && nextSkip > skip && items.length > 0 ? nextSkip : undefined };
    },
  });
  return complete ? pathsOf(items) : undefined;
}

/**
 * Compares the two trees, so that a forced push is reported correctly too.
 * Source: https://learn.microsoft.com/rest/api/azure/devops/git/diffs/get
 */
async function ofPush({ connection, path }: AzureRepository, range: ChangeRange & { kind: 'push' }): Promise<Paths> {
  const query = {
    baseVersion: checkedSha(range.before),
    baseVersionType: 'commit',
    targetVersion: checkedSha(range.after),
    targetVersionType: 'commit',
    diffCommonCommit: false,
    $top: PER_PAGE,
  };
  const pageSchema = z.object({ changes: z.array(changeSchema).nullish(), allChangesIncluded: z.boolean().nullish() });
  const read: Change[] = [];
  for (let page = 0; page < MAX_PAGES && read.length < MAX_CHANGES; page++) {
    const request = { path: `${path}/diffs/commits`, query: { ...query, $skip: read.length }, accept: [404] };
    const response = await connection.send(request);
    // After a forced push, the commit before may be gone.
    if (response.status === 404) return undefined;
    const { changes, allChangesIncluded } = connection.read(pageSchema, response, 'comparison');
    read.push(...(changes ?? []));
    if (allChangesIncluded === true) return pathsOf(read);
    if (!changes?.length) return undefined;
  }
  return undefined;
}

/** Returns the paths of files, without folders. Undefined if a change has no path, or a rename only one. */
function pathsOf(changes: readonly Change[]): Paths {
  const paths = new Set<string>();
  for (const { changeType, item, originalPath, sourceServerItem } of changes) {
    if (item?.isFolder || item?.gitObjectType === 'tree') continue;
    const named = [item?.path, originalPath, sourceServerItem].filter((path) => typeof path === 'string');
    const isRename = /\brename\b/.test(changeType);
    if (named.length < (isRename ? 2 : 1)) return undefined;
    for (const path of named) paths.add(path.replace(/^\//, ''));
  }
  return [...paths].sort();
}

import { z } from 'zod';
import type { Request } from '../../../http/json-client.js';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId, checkedSha } from '../../names.js';
import type { CloudRepository } from './repository.js';

const MAX_FILES = 10_000;
/** The default page of this list. */
const PER_PAGE = 500;

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

const side = z.object({ path: z.string() }).nullish();
const fileSchema = z.object({ old: side, new: side });

/** Two commits, each of which may be in another repository: `workspace/fork:58f9fea0ad1b%0Dd0d4e592bd73`. */
const SPEC = /\/repositories\/[^/]+\/[^/]+\/diffstat\/((?:[\w.:~-]|%[0-9A-Fa-f]{2}|\/){1,500})$/;

/**
 * Returns what lists the paths that a push or a pull request changes. Source:
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-diffstat-spec-get
 */
export function cloudChangedFiles(repository: CloudRepository): NonNullable<RepositoryApi['changedFiles']> {
  return async (of) => {
    try {
      return await pathsOf(
        repository,
        of.kind === 'push' ? pushOf(repository, of) : await pullOf(repository, of.number),
      );
    } catch (error) {
      // After a forced push, a commit may be gone. 555: Bitbucket took too long to compare.
      if (error instanceof ProviderError && (error.status === 404 || error.status === 555)) return undefined;
      throw error;
    }
  };
}

/** Compares the two trees, so that a forced push is reported correctly too. Bitbucket wants the newer commit first. */
function pushOf({ path }: CloudRepository, { before, after }: { before: string; after: string }): Request {
  return { path: `${path}/diffstat/${checkedSha(after)}..${checkedSha(before)}`, query: { topic: false } };
}

/**
 * Reads the comparison that a pull request's own address redirects to. Only the two commits are taken from that
 * redirect: the request goes below the repository's own address.
 */
async function pullOf({ connection, path }: CloudRepository, number: number): Promise<Request> {
  const pull = `${path}/pullrequests/${checkedId(number)}/diffstat`;
  const { status, headers } = await connection.send({ path: pull, accept: REDIRECTS });
  if (!REDIRECTS.includes(status)) return { path: pull };
  const spec = SPEC.exec(pathnameOf(headers.location))?.[1];
  if (!spec) throw new ProviderError('unavailable', 'Bitbucket did not name the commits of a pull request');
  return { path: `${path}/diffstat/${spec}`, query: { from_pullrequest_id: number, topic: true } };
}

/** Whether a path has no `.` or `..`, which would lead elsewhere when the address is parsed. */
function pathnameOf(location: string | undefined): string {
  return location && URL.canParse(location) ? new URL(location).pathname : '';
}

async function pathsOf({ connection }: CloudRepository, request: Request): Promise<readonly string[] | undefined> {
  const list = { what: 'changed file', most: MAX_FILES, perPage: PER_PAGE };
  const { items, complete } = await connection.list(request, fileSchema, list);
  if (!complete || items.some((file) => !file.old && !file.new)) return undefined;
  const paths = items.flatMap((file) => [file.old?.path, file.new?.path]);
  return [...new Set(paths.filter((path) => path !== undefined))].sort();
}

import { z } from 'zod';
import { isZeroSha } from '../../../events/git-names.js';

/** A commit of a push, as far as it is read. */
interface PushedCommit {
  readonly id: string;
  readonly added?: Paths;
  readonly removed?: Paths;
  readonly modified?: Paths;
}

type Paths = readonly string[] | null | undefined;

/** The commits of a push. Checked as a whole, because there may be thousands, and zod keeps notes on each element of an array. */
export const pushedCommits = z.custom<readonly PushedCommit[]>(
  (value) => Array.isArray(value) && value.every(isPushedCommit),
);

function isPushedCommit(value: unknown): value is PushedCommit {
  if (typeof value !== 'object' || value === null) return false;
  const { id, added, removed, modified } = value as Record<keyof PushedCommit, unknown>;
  return typeof id === 'string' && arePaths(added) && arePaths(removed) && arePaths(modified);
}

function arePaths(value: unknown): value is Paths {
  return (
    value === undefined || value === null || (Array.isArray(value) && value.every((path) => typeof path === 'string'))
  );
}

interface Push {
  readonly before: string;
  readonly after: string;
  readonly created?: boolean | null | undefined;
  readonly forced?: boolean | null | undefined;
  readonly total_commits?: number | null | undefined;
  readonly size?: number | null | undefined;
  readonly commits?: readonly PushedCommit[] | null | undefined;
}

/**
 * GitHub lists no more commits than this. Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
 */
const MAX_COMMITS = 2_048;
/** GitHub lists no more files of a commit. A push that lists as many may be incomplete. */
const MAX_FILES = 3_000;

/**
 * Returns the paths that a push touched, sorted; undefined unless the payload is known to list them all. That of a
 * new branch may not, and that of a forced push does not list what it threw away. Gitea, Forgejo and Gogs don't say
 * whether it was forced, so that their lists never count.
 */
export function changedFiles(push: Push): readonly string[] | undefined {
  const commits = push.commits ?? [];
  if (push.created || push.forced !== false || isZeroSha(push.before)) return undefined;
  if ([push.size, push.total_commits].some((total) => typeof total === 'number' && total !== commits.length))
    return undefined;
  if (commits.length >= MAX_COMMITS || !commits.some((commit) => commit.id === push.after)) return undefined;
  const files = new Set<string>();
  let named = 0;
  for (const { added, removed, modified } of commits) {
    if (!added || !removed || !modified) return undefined;
    named += added.length + removed.length + modified.length;
    if (named >= MAX_FILES) return undefined;
    for (const list of [added, removed, modified]) for (const path of list) files.add(path);
  }
  return [...files].sort();
}

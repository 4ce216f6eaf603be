import type { CacheOptions, Checkout } from '../../contract/index.js';
import { isTrusted } from '../trust.js';

/** Which caches a job may touch, each by the full ref of a branch or a tag, or by what stands for a pull request. */
export interface CacheScope {
  /** In the order in which they are looked through. */
  readonly reads: readonly string[];
  /** Absent: it saves none. */
  readonly writes?: string;
  /** Why it does less than is asked, in words. */
  readonly because?: string;
}

/** What of a job decides beside its checkout. */
export interface ScopeAsked {
  readonly mode: CacheOptions['mode'];
  /** It has files that a stranger's code may have made. */
  readonly hasStrangersFiles: boolean;
}

const BRANCHES = 'refs/heads/';
/** Of no provider: those keep the commits of a pull request below such a name, and no branch or tag can have it. */
const PULL_REQUESTS = 'refs/pull/';

/**
 * Returns which caches a job reads and which it saves. A branch has its own, and reads those of the default branch too. A pull request
 * has its own: it may run or have restored what its base has, so nothing of it is saved for its head branch, which it reads, as it does
 * its base and the default branch. What a stranger's code leaves is read by nobody: it saves none, whoever trusts it otherwise. Runs of
 * tags, as releases are, have none unless they ask for a mode.
 */
export function cacheScope(checkout: Checkout, { mode, hasStrangersFiles }: ScopeAsked): CacheScope {
  const { ref, base, defaultBranch } = checkout;
  if (mode === undefined && ref?.startsWith('refs/tags/'))
    return { reads: [], because: 'what is built for a tag uses none, unless its options have a "mode"' };
  const wanted = mode ?? 'read-write';
  // A fork's branch may be called as one of the repository is.
  const own = isTrusted(checkout) ? ownOf(checkout) : [];
  const reads = wanted === 'write' ? [] : [...new Set([...own, ...branches([base, defaultBranch])])];
  const [writes] = own;
  if (wanted === 'read') return { reads };
  if (writes === undefined) return { reads, because: "it saves none: this code may be a stranger's" };
  if (hasStrangersFiles) return { reads, because: "it saves none: it has files that a stranger's code may have made" };
  return { reads, writes };
}

/** What it saves comes first. */
function ownOf({ ref, pullRequest }: Checkout): readonly string[] {
  if (pullRequest) return [`${PULL_REQUESTS}${pullRequest.number}`, ...branches([pullRequest.head.ref])];
  return ref === undefined ? [] : [ref];
}

/** Some events name the branch, and some the whole ref. What is no ref of a branch can be the name of one. */
function branches(names: readonly (string | undefined)[]): readonly string[] {
  return names.flatMap((name) => (name === undefined ? [] : [name.startsWith(BRANCHES) ? name : `${BRANCHES}${name}`]));
}

/** Returns whose caches they are, as people call it. */
export function shortOf(scope: string): string {
  if (scope.startsWith(PULL_REQUESTS)) return `pull request ${scope.slice(PULL_REQUESTS.length)}`;
  return scope.startsWith(BRANCHES) ? scope.slice(BRANCHES.length) : scope;
}

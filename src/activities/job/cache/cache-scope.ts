import type { CacheOptions, Checkout } from '../../contract/index.js';
import { isTrusted } from '../trust.js';

/** Which branches' caches a job may touch, as full refs. */
export interface CacheScope {
  /** In the order in which they are looked through. */
  readonly reads: readonly string[];
  /** Absent: it saves none. */
  readonly writes?: string;
  /** Why it does less than is asked, in words. */
  readonly because?: string;
}

/**
 * Returns which caches a job reads and which it saves: those of its own branch, and it reads those of its pull request's base and of the
 * default branch too. What a stranger's code leaves is read by nobody: it saves none, whoever trusts it otherwise. Runs of tags, as
 * releases are, have none unless they ask for a mode.
 */
export function cacheScope(checkout: Checkout, mode: CacheOptions['mode']): CacheScope {
  const { ref, pullRequest, base, defaultBranch } = checkout;
  if (mode === undefined && ref?.startsWith('refs/tags/'))
    return { reads: [], because: 'what is built for a tag uses none, unless its options have a "mode"' };
  const wanted = mode ?? 'read-write';
  const trusted = isTrusted(checkout);
  // A fork's branch may be called as one of the repository is.
  const own = trusted ? (pullRequest ? branch(pullRequest.head.ref) : ref) : undefined;
  const all = [own, base, defaultBranch].flatMap((name) => (name === undefined ? [] : [branch(name)]));
  const reads = wanted === 'write' ? [] : [...new Set(all)];
  if (own !== undefined && wanted !== 'read') return { reads, writes: branch(own) };
  return wanted === 'read' ? { reads } : { reads, because: "it saves none: this code may be a stranger's" };
}

function branch(name: string): string {
  return name.startsWith('refs/') ? name : `refs/heads/${name}`;
}

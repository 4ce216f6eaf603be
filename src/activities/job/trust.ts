import type { Checkout } from '../contract/index.js';

/**
 * Returns whether a commit is known to be of the repository itself: of one of its branches or tags, or of a pull request from one of
 * its branches. All else may be a stranger's code, also what a merge queue builds: forks' pull requests are merged there before
 * they are in a branch.
 */
export function isTrusted({ repository, home = repository, ref, pullRequest, untrusted, queued }: Checkout): boolean {
  if (untrusted || queued) return false;
  if (pullRequest) return pullRequest.head.repository === home;
  return ref !== undefined && /^refs\/(?:heads|tags)\//.test(ref);
}

import type { Checkout } from '../contract/index.js';

/**
 * Returns whether a commit is known to be of the repository itself: of one of its branches or tags, or of a pull request from one of
 * its branches. All else may be a stranger's code.
 */
export function isTrusted({ repository, home = repository, ref, pullRequest, untrusted }: Checkout): boolean {
  if (untrusted) return false;
  if (pullRequest) return pullRequest.head.repository === home;
  return ref !== undefined && /^refs\/(?:heads|tags)\//.test(ref);
}

/** Returns whether steps may have credentials: what a merge queue builds is not yet in a branch of the repository. */
export function mayHaveCredentials(checkout: Checkout): boolean {
  return isTrusted(checkout) && !checkout.queued;
}

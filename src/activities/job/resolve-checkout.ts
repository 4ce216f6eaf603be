import { isOfQueue } from '../../providers/facts.js';
import { PROVIDERS } from '../../providers/index.js';
import { type GitSource, isGitSource, type Sources } from '../../providers/source.js';
import type { Checkout, PullRequestHead } from '../contract/index.js';

const BRANCHES = 'refs/heads/';

/**
 * Returns a checkout that names the ref of its commit, and the repository that has it. A checkout of a pull request says
 * neither: where its head is kept depends on the provider. One that names a ref is returned as it is, but for the note that it is
 * of a merge queue, which not every event tells.
 */
export function resolveCheckout(config: { readonly sources: Sources }, checkout: Checkout): Checkout {
  const { source: name, repository, pullRequest, ref = '' } = checkout;
  const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined;
  if (!source || !isGitSource(source)) return checkout;
  if (!pullRequest) {
    const isQueued = ref.startsWith(BRANCHES) && isOfQueue(PROVIDERS[source.kind].facts, ref.slice(BRANCHES.length));
    return isQueued ? { ...checkout, queued: true } : checkout;
  }
  const head = headRef(source.kind, { repository, pullRequest });
  return { ...checkout, ...head, ...(head.repository !== repository && { home: repository }) };
}

/**
 * Returns the repository and the ref under which the head of a pull request is fetched. A provider that keeps no ref for
 * pull requests has their heads in the repositories that they come from.
 */
export function headRef(
  kind: GitSource['kind'],
  { repository, pullRequest: { number, head } }: { repository: string; pullRequest: PullRequestHead },
): { readonly repository: string; readonly ref: string } {
  const { pullRequestRef } = PROVIDERS[kind].facts;
  if (pullRequestRef) return { repository, ref: pullRequestRef(number) };
  return { repository: head.repository ?? repository, ref: `${BRANCHES}${head.ref}` };
}

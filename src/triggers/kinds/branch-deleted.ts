import type { RepositoryOptions } from './shared-options.js';

/** A branch was deleted. Not for authors, whose runs have nothing to check out then: Hookyard's own automation listens to it. */
export type BranchDeletedTrigger = { readonly kind: 'branch_deleted' } & RepositoryOptions;

/** Returns a trigger that listens to the deletion of any branch, whoever deletes it. */
export function branchDeleted(): BranchDeletedTrigger {
  return { kind: 'branch_deleted', own: true };
}

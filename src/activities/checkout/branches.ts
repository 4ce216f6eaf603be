import type { Checkout } from '../contract/index.js';
import { askDefaultBranch } from '../git/default-branch.js';
import type { FetchCall } from '../git/fetch.js';
import { checkedRef } from '../git/names.js';

/** The branches that a checkout has beside its commit. */
export interface BranchesBeside {
  readonly names: readonly string[];
  /** Which of them the repository calls its default branch; undefined where that is not known. */
  readonly default: string | undefined;
}

/** Returns the base and the default branch, which git is asked for where the event does not tell it. `call`: in the mirror. */
export async function branchesBeside(call: FetchCall, { base, defaultBranch }: Checkout): Promise<BranchesBeside> {
  const main = defaultBranch ?? (await askDefaultBranch(call));
  const names = [...new Set([base, main])].filter((name) => name !== undefined);
  for (const name of names) checkedRef(`refs/heads/${name}`);
  return { names, default: main };
}

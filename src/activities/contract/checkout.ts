import type { SecretName } from './secret-name.js';

/** How an author wants a commit checked out; what is left out is as the options say. */
export interface CheckoutOptions {
  /**
   * How many commits back the history goes, from the one that is checked out. All of it by default, and with 0: a checkout
   * borrows the worker's objects, so a shorter one saves nothing, and only shows tools what they see elsewhere.
   */
  readonly depth?: number;
  /**
   * Checks out submodules too; `'recursive'`: theirs as well. Those on the source's own host with the source's credentials,
   * others with what `submoduleTokens` says. Default false.
   */
  readonly submodules?: boolean | 'recursive';
  /** Tokens for submodules over https from other hosts than the source's, by host: `'git.example.com'`, `'git.example.com:8443'`. */
  readonly submoduleTokens?: Readonly<Record<string, SecretName | HostToken>>;
  /** Gets what Git LFS keeps, with the worker's `git-lfs`. Default true; false leaves pointers in the place of those files. */
  readonly lfs?: boolean;
  /**
   * Lets the steps' git fetch from the repository and push to it, with the source's credentials, for as long as the job
   * lasts. Never for the code of a fork. Default false.
   */
  readonly credentials?: boolean;
  /** Of a pull request, checks out what merging it into its base branch, as it is now, comes to. Default false. */
  readonly merge?: boolean;
}

/** A token, and the name that git sends with it. */
export interface HostToken {
  /** Default `x-access-token`: most services look at the token alone. */
  readonly username?: string;
  readonly token: SecretName;
}

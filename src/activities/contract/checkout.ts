import type { SecretName } from './secret-name.js';

/** How an author wants a commit checked out; what is left out is as the options say. */
export interface CheckoutOptions {
  /**
   * How many commits back the history goes, from the one that is checked out. All of it by default, and with 0: a checkout
   * borrows the worker's objects, so a shorter one saves nothing, and only shows tools what they see elsewhere.
   */
  readonly depth?: number;
  /**
   * Checks out submodules too; `'recursive'`: theirs as well. Those of the repository's own owner with the source's credentials,
   * those on other hosts with what `submoduleTokens` says. Default false.
   */
  readonly submodules?: boolean | 'recursive';
  /**
   * Other owners on the source's host whose submodules are fetched with its credentials, which whoever may push to the repository
   * can then read by them: `['acme-libraries']`, or `['*']` for all that the credentials can read.
   */
  readonly submoduleOwners?: readonly string[];
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

/** The commit that a job checks out, and where git finds it. */
export interface Checkout {
  readonly source: string;
  /** `owner/name` */
  readonly repository: string;
  readonly sha: string;
  /** Where git looks for the commit first: `refs/heads/main`. Absent where `pullRequest` is there. */
  readonly ref?: string;
  /** The pull request whose head the commit is: the activity finds out where its provider keeps it. */
  readonly pullRequest?: PullRequestHead;
  /** `owner/name` of the repository that the event is of, where the commit is in another one: its fork. */
  readonly home?: string;
  /** The branch that the pull request or the merge group is to be merged into. */
  readonly base?: string;
  /** Absent where the event does not tell it. */
  readonly defaultBranch?: string;
  /** How old the other branches and the tags may be: they are as they were then, or later. ISO 8601, UTC. */
  readonly since?: string;
  /** The code may be a stranger's: it comes into no touch with credentials. */
  readonly untrusted?: true;
  /** The code is of a merge queue: somebody who may merge has put it there, and a stranger may have written it. */
  readonly queued?: true;
  readonly options?: CheckoutOptions;
}

/** A pull request, and where its commits come from. */
export interface PullRequestHead {
  readonly number: number;
  readonly head: {
    /** Name of the branch that the pull request comes from. */
    readonly ref: string;
    /** `owner/name` of the repository that has the branch; absent where the provider does not say. */
    readonly repository?: string;
  };
}

/** Activities that ask a repository by git. */
export interface GitActivities {
  findBranchHead(input: BranchHeadInput): Promise<{ readonly sha: string }>;
  findTagCommit(input: TagCommitInput): Promise<{ readonly sha: string }>;
  findHead(input: HeadInput): Promise<FoundHead>;
  findCommit(input: CommitInput): Promise<FoundHead>;
}

/** The branch whose newest commit is asked for. */
export interface BranchHeadInput {
  readonly source: string;
  readonly repository: string;
  readonly branch: string;
}

/** The tag whose commit is asked for. */
export interface TagCommitInput {
  readonly source: string;
  readonly repository: string;
  readonly tag: string;
  /** What the tag led to when it was pushed: a commit, or the object of an annotated tag. */
  readonly sha: string;
}

/** The branch or tag whose commit is asked for. */
export interface HeadInput {
  readonly source: string;
  readonly repository: string;
  /** `main`, `v1`, or whole: `refs/heads/main`, `refs/tags/v1`. */
  readonly ref: string;
}

/** The commit that has to be one of the repository's own. */
export interface CommitInput {
  readonly source: string;
  readonly repository: string;
  /** Its name, whole or the first 12 digits. */
  readonly sha: string;
  /** The branches and tags that are looked at first, as {@link HeadInput.ref}. */
  readonly refs: readonly string[];
  /** The run itself waits for a Git provider that is away: an attempt that finds it so ends the activity. */
  readonly waitsOut?: true;
}

/** A commit, and a branch or a tag of its repository that has it. */
export interface FoundHead {
  /** `refs/heads/…` or `refs/tags/…` */
  readonly ref: string;
  /** The full object name. */
  readonly sha: string;
}

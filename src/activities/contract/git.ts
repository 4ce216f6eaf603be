/** Activities that ask a repository by git. */
export interface GitActivities {
  findBranchHead(input: BranchHeadInput): Promise<{ readonly sha: string }>;
  findTagCommit(input: TagCommitInput): Promise<{ readonly sha: string }>;
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

export interface GitActivities {
  findBranchHead(input: BranchHeadInput): Promise<{ readonly sha: string }>;
  findTagCommit(input: TagCommitInput): Promise<{ readonly sha: string }>;
}

export interface BranchHeadInput {
  readonly source: string;
  readonly repository: string;
  readonly branch: string;
}

export interface TagCommitInput {
  readonly source: string;
  readonly repository: string;
  readonly tag: string;
  /** What the tag led to when it was pushed: a commit, or the object of an annotated tag. */
  readonly sha: string;
}

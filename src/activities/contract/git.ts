export interface GitActivities {
  findBranchHead(input: BranchHeadInput): Promise<{ readonly sha: string }>;
}

export interface BranchHeadInput {
  readonly source: string;
  readonly repository: string;
  readonly branch: string;
}

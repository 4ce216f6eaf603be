/** Activities that look for missed deliveries. */
export interface ReconcileActivities {
  findReconcileTargets(input: { readonly source: string }): Promise<ReconcileTargets>;
  reconcilePage(input: ReconcilePageInput): Promise<ReconcilePageResult>;
  sweepRepository(input: SweepInput): Promise<SweepResult>;
}

/** A place to look for missed deliveries of a source. */
export type ReconcileTarget =
  /** Hooks above repositories: the app's own, the organisation's subscriptions. */
  | { readonly kind: 'own' }
  | { readonly kind: 'organisation' | 'repository'; readonly name: string }
  /** The heads of a repository, at a provider that keeps no list of deliveries. */
  | { readonly kind: 'state'; readonly name: string };

/** Where a source's missed deliveries are looked for. */
export interface ReconcileTargets {
  readonly targets: readonly ReconcileTarget[];
  /** How long the delivery of a change may take, in milliseconds. */
  readonly settleMs: number;
  /** Why there are no targets. */
  readonly because?: string;
}

/** Which page of a provider's list of deliveries is looked at. */
export interface ReconcilePageInput {
  readonly source: string;
  readonly target: Exclude<ReconcileTarget, { kind: 'state' }>;
  /** ISO 8601. Default: where the last pass over this target ended. */
  readonly since?: string | undefined;
  /** The `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** Counts of deliveries, or of heads of branches and pull requests. */
export interface ReconcileCounts {
  readonly seen: number;
  /** Not in the inbox, and not answered with 2xx. */
  readonly missing: number;
  /** Requested from the provider, to be sent again. */
  readonly redelivered: number;
  /** Put into the inbox from what the provider kept. */
  readonly taken: number;
  /** Refused by the provider, or by the inbox. */
  readonly refused: number;
}

/** What a page of a provider's list has shown. */
export interface ReconcilePageResult extends ReconcileCounts {
  /** How many hooks of the target lead here. On the first page only. */
  readonly hooks?: number;
  /** Absent when this was the last page. */
  readonly next?: string;
  /** Warnings, a short sentence each: what was not checked, or is no longer requested. */
  readonly troubles?: readonly string[];
}

/** The repository whose state is compared with the inbox. */
export interface SweepInput {
  readonly source: string;
  readonly repository: string;
  /** What was missing a while ago. Only this is put into the inbox, if it is still missing. */
  readonly suspects?: readonly string[] | undefined;
}

/** What the comparison of a repository with the inbox has shown. */
export interface SweepResult extends ReconcileCounts {
  /** What seems to be missing: the delivery may still be on its way. */
  readonly suspects: readonly string[];
  /** A warning, one short sentence: what could not be checked, though the sweep itself went well. */
  readonly trouble?: string;
}

export interface ReconcileActivities {
  findReconcileTargets(input: { readonly source: string }): Promise<ReconcileTargets>;
  reconcilePage(input: ReconcilePageInput): Promise<ReconcilePageResult>;
  sweepRepository(input: SweepInput): Promise<SweepResult>;
}

/** Where missed deliveries of a source are looked for. */
export type ReconcileTarget =
  /** Hooks above repositories: the app's own, the organisation's subscriptions. */
  | { readonly kind: 'own' }
  | { readonly kind: 'organisation' | 'repository'; readonly name: string }
  /** What stands where in a repository, of a provider that keeps no list of deliveries. */
  | { readonly kind: 'state'; readonly name: string };

export interface ReconcileTargets {
  readonly targets: readonly ReconcileTarget[];
  /** How long a change may wait for its own delivery, in milliseconds. */
  readonly settleMs: number;
  /** Why there are none. */
  readonly because?: string;
}

export interface ReconcilePageInput {
  readonly source: string;
  readonly target: Exclude<ReconcileTarget, { kind: 'state' }>;
  /** ISO 8601. Default: where the last look at this target ended. */
  readonly since?: string | undefined;
  /** The `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** What was found: of deliveries, or of heads of branches and pull requests. */
export interface ReconcileCounts {
  readonly seen: number;
  /** The inbox has them not, and nobody answered them with 2xx. */
  readonly missing: number;
  /** The provider was asked to send them again. */
  readonly redelivered: number;
  /** They were put into the inbox from what the provider tells. */
  readonly taken: number;
  /** The provider, or what it tells, said no. */
  readonly refused: number;
}

export interface ReconcilePageResult extends ReconcileCounts {
  /** Of a first page: how many hooks of the target lead here. */
  readonly hooks?: number;
  /** Absent when this was the last page. */
  readonly next?: string;
  /** A short sentence each: what was not looked at, or is not asked for any more. */
  readonly troubles?: readonly string[];
}

export interface SweepInput {
  readonly source: string;
  readonly repository: string;
  /** What was found missing a while ago. Only this is put into the inbox, if it is missing still. */
  readonly suspects?: readonly string[] | undefined;
}

export interface SweepResult extends ReconcileCounts {
  /** What seems to be missing: its delivery may still be on its way. */
  readonly suspects: readonly string[];
  /** One short sentence: what could not be looked at, though the sweep itself went well. */
  readonly trouble?: string;
}

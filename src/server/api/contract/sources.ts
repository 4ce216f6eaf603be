import type { SourceOverview } from './overview.js';

/** `GET /api/sources`: those that are configured. Nothing in it is a secret. */
export interface SourcesAnswer {
  readonly sources: readonly ShownSource[];
}

/** A source, and what this server knows of it without asking its provider. */
export interface ShownSource extends SourceOverview {
  /** How its deliveries are verified. */
  readonly verifiedBy: string;
  /** The last deliveries that asked for starts which failed for good, newest first, five at most. */
  readonly failed: readonly FailedDelivery[];
  /** What `hookyard doctor` says of it without asking its provider: that asks more. */
  readonly findings: readonly SourceFinding[];
}

/** A delivery of which something could not be started. */
export interface FailedDelivery {
  /** Our id. */
  readonly id: string;
  /** Unix ms. */
  readonly receivedAt: number;
  readonly eventName: string;
  /** What went wrong with the first. */
  readonly error?: string;
}

/** What a person should know of a source. */
export interface SourceFinding {
  readonly level: 'ok' | 'warn' | 'problem';
  readonly says: string;
  /** What to do. */
  readonly advice?: string;
}

/** Every try of every outbound message. */
export interface AttemptStore {
  add(attempt: OutboundAttempt): Promise<void>;
  /** Newest first. */
  list(filter: AttemptFilter): Promise<OutboundAttempt[]>;
  /** Deletes up to `limit` attempts made before `before` (Unix ms); answers how many. */
  prune(options: { before: number; limit: number }): Promise<number>;
}

/** Which attempts are listed. */
export interface AttemptFilter {
  readonly messageId?: string;
  readonly endpoint?: string;
  /** Unix ms: only what was made before then. */
  readonly before?: number;
  readonly limit: number;
}

/** One try to send a message to an endpoint. */
export interface OutboundAttempt {
  readonly messageId: string;
  readonly endpoint: string;
  /** Workflow id of the run that sends it. Of versions before, none is known. */
  readonly run?: string;
  readonly attempt: number;
  /** Unix ms. */
  readonly at: number;
  readonly durationMs: number;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly error?: string;
  /** The answer's first 16 kB. */
  readonly answer?: string;
}

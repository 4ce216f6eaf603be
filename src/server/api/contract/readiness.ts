/** `GET /readyz`, with 200 or 503. */
export interface ReadinessAnswer {
  readonly ready: boolean;
  /** `away`: it does not answer, or can't write. `damaged`: it takes nothing more until people have seen to it. */
  readonly store: 'answers' | 'away' | 'damaged';
  readonly temporal: 'answers' | 'away';
  /** Whether the worker process of `hookyard start` runs; absent for a receiver that has none of its own. */
  readonly worker?: 'runs' | 'starting' | 'away';
  /** Since when it is so, as ISO 8601. */
  readonly workerSince?: string;
  /** There while it is slow: it does one thing after the other for a while, since one before it died of its work. */
  readonly workerCareful?: boolean;
  /** Starts and signals that wait for Temporal; absent where they can't be counted in time. */
  readonly waiting?: number;
  /** Starts that failed for good. */
  readonly failed?: number;
}

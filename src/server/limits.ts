/** The receiver's bounds on what it reads. Tests lower them, to reach them. */
export interface Limits {
  /** For a whole body, in milliseconds. */
  readonly bodyDeadlineMs: number;
  /** Bytes of bodies in memory at one time, over all requests. */
  readonly bodiesInFlight: number;
}

/** The bounds outside tests. */
export const defaultLimits: Limits = { bodyDeadlineMs: 30_000, bodiesInFlight: 256 * 1024 * 1024 };

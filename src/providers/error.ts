/**
 * Why a provider's API did not do what it was asked.
 * - `unavailable`: a failure that passes. Try again, after `retryAfterMs` where the provider named a time.
 * - `not configured`: a person must act; the message says how.
 * - `refused`: the provider said no, and would say so again.
 */
export type ProviderErrorKind = 'unavailable' | 'not configured' | 'refused';

/** Thrown by calls of a provider's API. Holds nothing of the request, which carries credentials. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  /** The HTTP status, if there was an answer. */
  readonly status: number | undefined;
  /** How long to wait before another try, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: ProviderErrorKind, message: string, more: { status?: number; retryAfterMs?: number } = {}) {
    super(message);
    this.kind = kind;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
  }
}

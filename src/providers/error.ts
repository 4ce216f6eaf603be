/**
 * Why a provider's API did not do what it was asked.
 * - `unavailable`: trouble that passes: worth another try, after `retryAfterMs` where the provider named a time.
 * - `not configured`: a person must act; the message says how.
 * - `refused`: the provider said no, and would again.
 */
export type ProviderErrorKind = 'unavailable' | 'not configured' | 'refused';

/** What a call of a provider's API throws. Holds nothing of the request: that one carries credentials. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  /** HTTP status, if there was an answer. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(kind: ProviderErrorKind, message: string, more: { status?: number; retryAfterMs?: number } = {}) {
    super(message);
    this.kind = kind;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
  }
}

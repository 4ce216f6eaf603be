/**
 * Why a request failed, by what can be done about it.
 * - `no response`: the connection failed or the deadline passed. Another try may do.
 * - `private address`: the address leads somewhere private, and the client does not go there.
 * - `too large`: a response with 2xx was larger than the client reads.
 * - `redirected`: 3xx, which the client does not follow.
 * - `unauthorized`: 401 or 403, or a redirect to where people sign in.
 * - `busy`: 408, 425, 429 or 5xx. Another try may do, after `retryAfterMs` where the server named a time.
 * - `rejected`: any other status.
 */
export type RequestErrorKind =
  | 'no response'
  | 'private address'
  | 'too large'
  | 'redirected'
  | 'unauthorized'
  | 'busy'
  | 'rejected';

/**
 * What a JSON client throws. Its message begins with a verb ("answered 404 to GET /user"), for the caller to put a
 * subject before it. Holds no more of the request than method and path: the rest carries credentials.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly kind: RequestErrorKind;
  /** HTTP status, if there was a response. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: RequestErrorKind,
    message: string,
    more: { status?: number; retryAfterMs?: number | undefined } = {},
  ) {
    super(message);
    this.kind = kind;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** The request is refused. The sender reads the message, so it holds no secret. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** Further fields of the answer. */
    readonly more: object = {},
  ) {
    super(message);
  }
}

/** The sender closed the connection before its request was complete: there is nobody to answer. */
export class ClientClosed extends Error {
  override readonly name = 'ClientClosed';
}

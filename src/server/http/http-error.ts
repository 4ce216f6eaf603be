/** The request is not taken in, and the sender is told why. The message is for the sender: no secret in it. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** The sender went away before its request was complete: there is nobody to answer. */
export class ClientClosed extends Error {
  override readonly name = 'ClientClosed';
}

import type { Answer, Received } from '../harness/http-server.js';

/** A request whose credentials are good. */
export interface Call extends Pick<Received, 'method' | 'path' | 'query'> {
  /** `POST /repos/acme/app/statuses/…`: below the base of the API. */
  readonly asked: string;
  /** Empty if no body was sent. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: Received;
}

/** Answers the calls that are its business; undefined for any other. */
export type Route = (call: Call) => Answer | undefined | Promise<Answer | undefined>;

import type { OutboundAttempt } from '../../../store/store.js';

/** `GET /api/outbound?endpoint=&message=&limit=`: messages whose last attempts are the newest, the newest first. */
export interface OutboundAnswer {
  readonly messages: readonly ShownMessage[];
  /** There are older attempts than were looked at: messages may be missing, and attempts of those that are there. */
  readonly more?: true;
}

/** A message to an endpoint. */
export interface ShownMessage {
  readonly message: string;
  readonly endpoint: string;
  /** Workflow id of the run that sends it; absent where a version before has sent it. */
  readonly run?: string;
  /**
   * `delivered`: the endpoint has taken it. `refused`: the endpoint will not have it, and it is not tried again. `failing`: the last
   * attempt failed; it is tried again for about 28 hours while its run is open.
   */
  readonly state: 'delivered' | 'refused' | 'failing';
  /** The newest first. What the endpoint answered is there only where one message is asked for. */
  readonly attempts: readonly ShownAttempt[];
}

/** One try to send a message. */
export type ShownAttempt = Pick<OutboundAttempt, 'attempt' | 'at' | 'durationMs' | 'status' | 'error' | 'answer'>;

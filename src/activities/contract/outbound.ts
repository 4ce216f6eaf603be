/** Activities that call webhooks of others. */
export interface OutboundActivities {
  sendWebhook(input: OutboundMessage): Promise<OutboundResult>;
}

/** A message to a configured endpoint. */
export interface OutboundMessage {
  /** Name under `endpoints`. */
  readonly endpoint: string;
  /** `webhook-id`: the same on every attempt. */
  readonly id: string;
  /** `push.built`, for example: dots separate, as in Standard Webhooks. */
  readonly type: string;
  /** When it happened, ISO 8601. */
  readonly timestamp: string;
  readonly data: unknown;
}

/** How a message to an endpoint was taken. */
export interface OutboundResult {
  /** HTTP status of the attempt that was accepted. */
  readonly status: number;
  readonly attempts: number;
}

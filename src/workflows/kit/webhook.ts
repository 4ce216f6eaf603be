import { uuid4 } from '@temporalio/workflow';
import type { OutboundResult } from '../../activities/contract/index.js';
import { outbound } from '../run/activities.js';
import { told } from '../run/step.js';

export const webhook = {
  /**
   * Sends a signed Standard Webhooks message to `endpoints.<endpoint>`, with the same `webhook-id` on every attempt.
   * Resolves when the endpoint has accepted it; retries over about 28 hours; throws when it refuses or all were in
   * vain. The run waits for it at its end where the author does not.
   */
  send(endpoint: string, message: { type: string; data: unknown }): Promise<OutboundResult> {
    const input = {
      endpoint,
      id: `msg_${uuid4()}`,
      type: message.type,
      timestamp: new Date().toISOString(),
      data: message.data,
    };
    return told(
      `Webhook ${message.type} to ${endpoint}`,
      () => outbound.sendWebhook.executeWithOptions({ summary: `${message.type} to ${endpoint}` }, [input]),
      (result) => `${result.status} on attempt ${result.attempts}`,
    );
  },
};

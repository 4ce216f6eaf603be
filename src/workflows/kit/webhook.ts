import { uuid4 } from '@temporalio/workflow';
import type { OutboundResult } from '../../activities/contract/index.js';
import { outbound } from '../run/activities.js';
import { runStep } from '../run/step.js';
import { refuseUnknown } from './known-options.js';
import { REQUIRES, requireTexts } from './required-texts.js';

/**
 * Sends webhooks to others.
 *
 * @example
 * import { automation, release, webhook } from 'hookyard/workflow';
 *
 * export const tellPartners = automation({ on: release() }, async (event) => {
 *   await webhook.send('partner', { type: 'release.published', data: { tag: event.tag } });
 * });
 */
export const webhook = {
  /**
   * Sends a signed Standard Webhooks message to `endpoints.<endpoint>`, with the same `webhook-id` on every attempt.
   * Resolves when the endpoint has accepted it; retries over 22 to 28 hours; throws when the endpoint refuses it, or
   * when the last attempt has failed. A run ends after its messages, also where the author does not await them.
   */
  send(endpoint: string, message: { type: string; data: unknown }): Promise<OutboundResult> {
    const input = {
      endpoint,
      id: `msg_${uuid4()}`,
      type: message.type,
      timestamp: new Date().toISOString(),
      data: message.data,
    };
    return runStep(
      `Webhook ${message.type} to ${endpoint}`,
      () => {
        refuseUnknown('webhook.send', message, { type: true, data: true }, REQUIRES);
        requireTexts('webhook.send', { endpoint, type: message.type });
        return outbound.sendWebhook.executeWithOptions({ summary: `${message.type} to ${endpoint}` }, [input]);
      },
      (result) => `${result.status} on attempt ${result.attempts}`,
    );
  },
};

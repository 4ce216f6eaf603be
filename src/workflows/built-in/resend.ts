import type { OutboundMessage, OutboundResult } from '../../activities/contract/index.js';
import { outbound } from '../run/activities.js';

/** Sends a message that was given up once more, as an operator has asked for: with the same id, and with all tries that a message has. */
export function hookyardResend(message: OutboundMessage): Promise<OutboundResult> {
  const { type, endpoint } = message;
  return outbound.sendWebhook.executeWithOptions({ summary: `${type} to ${endpoint}` }, [message]);
}

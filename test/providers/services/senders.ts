import { randomUUID } from 'node:crypto';
import { basicOf, hmac, SECRET, type Sender, standard } from '../signing.js';

const bodies = [
  { body: { type: 'payment_intent.succeeded', id: 'evt_1', data: { object: { id: 'pi_1', amount: 1 } } } },
  { body: { event_id: 'Ev1', type: 'event_callback', event: { type: 'message', text: 'hello' } } },
];
const seconds = (now: number) => String(Math.floor(now / 1000));

export const senders: readonly Sender[] = [
  { kind: 'standard-webhooks', headers: (body, now) => standard(randomUUID(), body, now), bodies },
  {
    kind: 'stripe',
    headers: (body, now) => ({ 'stripe-signature': `t=${seconds(now)},v1=${hmac('hex', `${seconds(now)}.`, body)}` }),
    bodies,
  },
  {
    kind: 'slack',
    headers: (body, now) => ({
      'x-slack-request-timestamp': seconds(now),
      'x-slack-signature': `v0=${hmac('hex', `v0:${seconds(now)}:`, body)}`,
    }),
    bodies,
  },
  {
    kind: 'shopify',
    headers: (body, _, event = 'x') => ({
      'x-shopify-hmac-sha256': hmac('base64', body),
      'x-shopify-topic': event,
      'x-shopify-webhook-id': randomUUID(),
    }),
    bodies,
  },
  {
    kind: 'hmac',
    settings: { header: 'X-Signature' },
    headers: (body) => ({ 'x-signature': hmac('hex', body) }),
    bodies,
  },
  { kind: 'basic', settings: { username: 'me' }, headers: () => ({ authorization: basicOf('me') }), bodies },
  { kind: 'token', headers: () => ({ authorization: SECRET }), bodies },
];

import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { anySecret, hmacOf, isSame, shapeOf } from '../credential.js';
import type { Provider } from '../provider.js';
import { webhookSettings } from '../settings.js';
import type { WebhookScheme } from '../webhook-scheme.js';
import { genericEvent, jsonBody, neededHeader } from './generic.js';

const SIGNATURE = 'x-shopify-hmac-sha256';
const TOPIC = 'x-shopify-topic';
const ID = 'x-shopify-webhook-id';
const SCHEME = { algorithm: 'sha256', encoding: 'base64' } as const;

const settings = z.strictObject({ kind: z.literal('shopify'), ...webhookSettings });

type ShopifySource = Resolved<z.output<typeof settings>>;

/** Shopify. The secret is the app's client secret. Source: https://shopify.dev/docs/apps/build/webhooks/subscribe/https */
export const shopify = { facts: { eventHeader: TOPIC }, settings, webhook } satisfies Provider<ShopifySource>;

function webhook({ secrets }: Pick<ShopifySource, 'secrets'>): WebhookScheme {
  const shape = shapeOf(SCHEME);
  return {
    about: {
      verifiedBy: 'HMAC-SHA256 of the body, base64, in `X-Shopify-Hmac-Sha256`',
      key: '`X-Shopify-Webhook-Id`',
      events: ['generic'],
    },
    singletonHeaders: [SIGNATURE, TOPIC, ID, 'content-type'],
    maxBodyBytes: 25 * 1024 * 1024,
    isSigned: (headers) => shape.test(headers[SIGNATURE] ?? ''),
    verify: async ({ headers, body }) => {
      const signature = headers[SIGNATURE] ?? '';
      return shape.test(signature) && anySecret(secrets, (secret) => isSame(signature, hmacOf(secret, SCHEME, body)));
    },
    parse: jsonBody,
    eventName: (delivery) => neededHeader(delivery, TOPIC),
    deliveryKey: (delivery) => neededHeader(delivery, ID),
    normalise: (payload, type, context) => genericEvent(payload, type, { ...context, provider: 'shopify' }),
  };
}

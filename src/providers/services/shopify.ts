import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { madeBy } from '../../secrets/secret-kinds.js';
import { idInHeader, neededHeader } from '../delivery-fields.js';
import { hmacOf, hmacSignature } from '../hmac-signature.js';
import type { Provider } from '../provider.js';
import { webhookSettings } from '../settings.js';
import { given, type Signed, type Unsigned } from '../sign.js';
import type { WebhookScheme } from '../webhook-scheme.js';
import { serviceScheme } from './generic.js';

const SIGNATURE = 'x-shopify-hmac-sha256';
const TOPIC = 'x-shopify-topic';
const ID = 'x-shopify-webhook-id';

const secret = madeBy('Shopify', [[/^shp(?:at|ca|pa|ua|tka)_/, 'an access token of the API']]);
const settings = z.strictObject({ kind: z.literal('shopify'), ...webhookSettings(secret) });

type ShopifySource = Resolved<z.output<typeof settings>>;

/**
 * Shopify. The secret is the app's client secret. Source: https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 */
export const shopify = { facts: { eventHeader: TOPIC }, settings, webhook, sign } satisfies Provider<ShopifySource>;

function webhook({ secrets }: Pick<ShopifySource, 'secrets'>): WebhookScheme {
  return {
    ...serviceScheme('shopify'),
    capabilities: {
      verifiedBy: 'HMAC-SHA256 of the body, base64, in `X-Shopify-Hmac-Sha256`',
      key: '`X-Shopify-Webhook-Id`',
      events: ['generic'],
    },
    singletonHeaders: [SIGNATURE, TOPIC, ID, 'content-type'],
    ...hmacSignature(secrets, { header: SIGNATURE, algorithm: 'sha256', encoding: 'base64' }),
    eventName: (delivery) => neededHeader(delivery, TOPIC),
    deliveryKey: (delivery) => idInHeader(delivery, ID),
  };
}

/** Signs with the first secret. */
function sign(_source: unknown, { body, eventName, id, secrets: [secret = ''] }: Unsigned): Signed {
  const signature = hmacOf(secret, { algorithm: 'sha256', encoding: 'base64' }, body);
  return { by: 0, headers: given({ [TOPIC]: eventName, [ID]: id, [SIGNATURE]: signature }) };
}

import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { anySecret, hmacOf, isSame, shapeOf } from '../credential.js';
import type { Provider } from '../provider.js';
import { headerName, namingSettings, webhookSettings } from '../settings.js';
import type { WebhookScheme } from '../webhook-scheme.js';
import { genericEvent, jsonBody, namedKey, namedType, namingHeaders } from './generic.js';

const settings = z.strictObject({
  kind: z.literal('hmac'),
  ...webhookSettings,
  header: headerName.describe('holds the signature'),
  algorithm: z.enum(['sha256', 'sha384', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  prefix: z.string().max(50).default('').describe('before the signature, "sha256=" for example'),
  ...namingSettings,
});

type HmacSource = Resolved<z.output<typeof settings>>;

/** Any service that signs the raw body with an HMAC; where and how is configuration. */
export const hmac = { facts: {}, settings, webhook } satisfies Provider<HmacSource>;

function webhook(source: Omit<HmacSource, 'kind' | 'enabled'>): WebhookScheme {
  const header = source.header.toLowerCase();
  const shape = shapeOf(source);
  const signatureIn = (value: string | undefined) => {
    const signature = value?.startsWith(source.prefix) ? value.slice(source.prefix.length) : '';
    return shape.test(signature) ? signature : undefined;
  };
  return {
    credentialHeaders: [header],
    about: {
      verifiedBy: `HMAC (${source.algorithm}, ${source.encoding}) of the body in \`${source.header}\``,
      key: source.keyHeader ? `\`${source.keyHeader}\`` : 'the body',
      events: ['generic'],
    },
    singletonHeaders: [header, 'content-type', ...namingHeaders(source)],
    maxBodyBytes: 25 * 1024 * 1024,
    isSigned: (headers) => signatureIn(headers[header]) !== undefined,
    verify: async ({ headers, body }) => {
      const signature = signatureIn(headers[header]);
      return (
        signature !== undefined &&
        anySecret(source.secrets, (secret) => isSame(signature, hmacOf(secret, source, body)))
      );
    },
    parse: jsonBody,
    eventName: (delivery) => namedType(delivery, source),
    deliveryKey: (delivery) => namedKey(delivery, source),
    normalise: (payload, type, context) => genericEvent(payload, type, { ...context, provider: 'hmac' }),
  };
}

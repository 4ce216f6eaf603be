import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { anySecret, isSame } from '../credential.js';
import type { Provider } from '../provider.js';
import { namingSettings, webhookSettings } from '../settings.js';
import type { RawDelivery, SourceHeaders, WebhookScheme } from '../webhook-scheme.js';
import { genericEvent, jsonBody, namedKey, namedType, namingHeaders } from './generic.js';

/** Canonical base64, with no blank and no other alphabet. */
const BASIC = /^Basic ([A-Za-z0-9+/]+={0,2})$/i;

/** Whether the headers hold well-formed Basic credentials (RFC 7617). */
export function hasBasic(headers: SourceHeaders): boolean {
  return BASIC.test(headers.authorization ?? '');
}

/** Compares Basic credentials: the user name is configured, the source's secrets are its passwords. */
export function verifyBasic({ headers }: RawDelivery, source: Pick<BasicSource, 'username' | 'secrets'>): boolean {
  const encoded = BASIC.exec(headers.authorization ?? '')?.[1];
  if (!encoded) return false;
  const given = Buffer.from(encoded, 'base64');
  // One value has one form: what decodes to it otherwise is not what was configured.
  if (given.toString('base64') !== encoded) return false;
  return anySecret(source.secrets, (secret) => isSame(given, `${source.username}:${secret}`));
}

const settings = z.strictObject({
  kind: z.literal('basic'),
  ...webhookSettings,
  username: z.string().min(1).describe('the secrets are its passwords'),
  ...namingSettings,
});

type BasicSource = Resolved<z.output<typeof settings>>;

/** Any service that sends Basic authentication. Nothing is signed: only use it over https. */
export const basic = { facts: {}, settings, webhook } satisfies Provider<BasicSource>;

function webhook(source: Omit<BasicSource, 'kind' | 'enabled'>): WebhookScheme {
  return {
    about: {
      verifiedBy: 'Basic authentication; nothing is signed, so only over https',
      key: source.keyHeader ? `\`${source.keyHeader}\`` : 'the body',
      events: ['generic'],
    },
    singletonHeaders: ['authorization', 'content-type', ...namingHeaders(source)],
    maxBodyBytes: 25 * 1024 * 1024,
    isSigned: hasBasic,
    verify: async (delivery) => verifyBasic(delivery, source),
    parse: jsonBody,
    eventName: (delivery) => namedType(delivery, source),
    deliveryKey: (delivery) => namedKey(delivery, source),
    normalise: (payload, type, context) => genericEvent(payload, type, { ...context, provider: 'basic' }),
  };
}

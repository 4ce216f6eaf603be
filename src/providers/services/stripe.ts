import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { madeBy } from '../../secrets/secret-kinds.js';
import { idInField, keyOfBytes, neededField } from '../delivery-fields.js';
import { HEX_SHA256, hmacOf, isSignedByAny, MAX_SIGNATURES, signatureReader } from '../hmac-signature.js';
import type { Provider } from '../provider.js';
import { timedSettings } from '../settings.js';
import { type Signed, secondsOf, type Unsigned } from '../sign.js';
import type { SourceHeaders, WebhookScheme } from '../webhook-scheme.js';
import { serviceScheme } from './generic.js';
import { isTimely } from './timestamp.js';

const SIGNATURE = 'stripe-signature';
const signatureIn = signatureReader(HEX_SHA256);

const secret = madeBy('Stripe', [
  [/^[srp]k_/, 'a key of the API'],
  [/^we_/, "the webhook's id"],
]);
const settings = z.strictObject({ kind: z.literal('stripe'), ...timedSettings(secret) });

type StripeSource = Resolved<z.output<typeof settings>>;

/** Stripe: `t=<Unix seconds>,v1=<hex>,…` over `t.body`. Source: https://docs.stripe.com/webhooks/signature */
export const stripe = { facts: {}, settings, webhook, sign } satisfies Provider<StripeSource>;

function webhook(source: Pick<StripeSource, 'secrets' | 'toleranceSeconds'>): WebhookScheme {
  return {
    ...serviceScheme('stripe'),
    capabilities: {
      verifiedBy: '`Stripe-Signature`, `v1`, within five minutes',
      key: 'the event’s `id`',
      events: ['generic'],
    },
    singletonHeaders: [SIGNATURE, 'content-type'],
    maxBodyBytes: 5 * 1024 * 1024,
    isSigned: (headers) => read(headers) !== undefined,
    verifyHeaders: (headers, now) => (isTimely(read(headers)?.time, { ...source, now }) ? undefined : false),
    verify: async ({ headers, body }, now) => {
      const given = read(headers);
      if (!given || !isTimely(given.time, { ...source, now })) return false;
      const signed = { signatures: given.signatures, before: `${given.time}.`, body };
      return isSignedByAny(source.secrets, signed, HEX_SHA256);
    },
    eventName: ({ payload }) => neededField(payload, 'type'),
    /** `evt_…`, which is the same each time Stripe sends it again. */
    deliveryKey: ({ headers, body, payload }) =>
      idInField(payload, 'id') ?? keyOfBytes(`${read(headers)?.time ?? ''}:`, body),
  };
}

/**
 * Returns the time and the well-formed `v1` signatures, of which there are several while a secret is rolled. `v0` proves
 * nothing.
 */
function read(headers: SourceHeaders): { time: string; signatures: string[] } | undefined {
  const parts = (headers[SIGNATURE] ?? '').split(',').map((part) => part.trim().split('='));
  const times = parts.filter(([name]) => name === 't').map(([, value = '']) => value);
  const signatures = parts.filter(([name]) => name === 'v1').flatMap(([, value]) => signatureIn(value));
  const [time] = times;
  const isFine = times.length === 1 && time && /^\d{1,12}$/.test(time) && signatures.length > 0;
  return isFine ? { time, signatures: signatures.slice(0, MAX_SIGNATURES) } : undefined;
}

/** Signs with the first secret. The event's id and type stand in the body. */
function sign(
  { toleranceSeconds }: Pick<StripeSource, 'toleranceSeconds'>,
  { body, secrets: [secret = ''] }: Unsigned,
  now: number,
): Signed {
  const time = secondsOf(now);
  return {
    by: 0,
    seconds: toleranceSeconds,
    headers: { [SIGNATURE]: `t=${time},v1=${hmacOf(secret, HEX_SHA256, `${time}.`, body)}` },
  };
}

import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { madeBy } from '../../secrets/secret-kinds.js';
import { keyOfBytes } from '../delivery-fields.js';
import { HEX_SHA256, hmacOf, isSignedByAny, signatureReader } from '../hmac-signature.js';
import { parseJson } from '../parse-json.js';
import type { Provider } from '../provider.js';
import { timedSettings } from '../settings.js';
import { type Signed, secondsOf, type Unsigned } from '../sign.js';
import { MalformedPayload, type RawDelivery, type WebhookScheme } from '../webhook-scheme.js';
import { readForm, serviceScheme } from './generic.js';
import { isTimely } from './timestamp.js';

const SIGNATURE = 'x-slack-signature';
const TIMESTAMP = 'x-slack-request-timestamp';
const signaturesIn = signatureReader({ ...HEX_SHA256, prefix: 'v0=' });

/** One that can't be read keeps no other from being. */
const name = z
  .string()
  .regex(/^[\x20-\x7e]{1,200}$/)
  .nullish()
  .catch(undefined);
const challengeSchema = z.object({ type: z.literal('url_verification'), challenge: z.string().max(1_000) });
const namesSchema = z.object({
  type: name,
  command: name,
  event_id: name,
  event: z.object({ type: name }).nullish().catch(undefined),
});

const secret = madeBy('Slack', [[/^x(?:ox|app)/, 'a token of the API']]);
const settings = z.strictObject({ kind: z.literal('slack'), ...timedSettings(secret) });

type SlackSource = Resolved<z.output<typeof settings>>;

/**
 * Slack's Events API, commands and interactions. Source:
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export const slack = { facts: {}, settings, webhook, sign } satisfies Provider<SlackSource>;

function webhook(source: Pick<SlackSource, 'secrets' | 'toleranceSeconds'>): WebhookScheme {
  return {
    ...serviceScheme('slack'),
    capabilities: {
      verifiedBy: '`X-Slack-Signature`, `v0`, within five minutes; answers the settings page’s challenge',
      key: '`event_id`, else the signed time and body',
      events: ['generic'],
    },
    singletonHeaders: [SIGNATURE, TIMESTAMP, 'content-type'],
    maxBodyBytes: 5 * 1024 * 1024,
    isSigned: (headers) => signaturesIn(headers[SIGNATURE]).length > 0,
    verifyHeaders: (headers, now) => (isTimely(headers[TIMESTAMP], { ...source, now }) ? undefined : false),
    verify: async ({ headers, body }, now) => {
      const time = headers[TIMESTAMP];
      if (!isTimely(time, { ...source, now })) return false;
      const signed = { signatures: signaturesIn(headers[SIGNATURE]), before: `v0:${time}:`, body };
      return isSignedByAny(source.secrets, signed, HEX_SHA256);
    },
    parse,
    challenge: (payload) => {
      const asked = challengeSchema.safeParse(payload);
      return asked.success ? { challenge: asked.data.challenge } : undefined;
    },
    eventName: ({ payload }) => {
      const { event, command, type } = namesSchema.safeParse(payload).data ?? {};
      return event?.type ?? command ?? type ?? 'event';
    },
    /** Slack's retries repeat the event's id; commands and interactions are not sent twice, and their time is signed. */
    deliveryKey: ({ headers, body, payload }) =>
      namesSchema.safeParse(payload).data?.event_id ?? keyOfBytes(`${headers[TIMESTAMP]}:`, body),
  };
}

/**
 * Parses events, which are JSON, commands, which are a form, and interactions, a form with JSON in its field `payload`.
 */
function parse({ headers, body, maxValues }: RawDelivery): unknown {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return parseJson(body, { maxValues });
  // Content types are not signed: what was signed as JSON must not be parsed as a form.
  if (body[0] === '{'.charCodeAt(0)) throw new MalformedPayload('the body is JSON, and its content type says form');
  const form = readForm(body, maxValues);
  const payload = form.get('payload');
  if (payload !== null) return parseJson(Buffer.from(payload), { maxValues });
  // No prototype: a field may be called anything.
  return Object.assign(Object.create(null), Object.fromEntries(form)) as unknown;
}

/** Signs with the first secret. */
function sign(
  { toleranceSeconds }: Pick<SlackSource, 'toleranceSeconds'>,
  { body, secrets: [secret = ''] }: Unsigned,
  now: number,
): Signed {
  const time = secondsOf(now);
  return {
    by: 0,
    seconds: toleranceSeconds,
    headers: { [TIMESTAMP]: time, [SIGNATURE]: `v0=${hmacOf(secret, HEX_SHA256, `v0:${time}:`, body)}` },
  };
}

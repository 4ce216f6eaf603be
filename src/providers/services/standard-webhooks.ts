import { createPublicKey, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { verifyingSecret } from '../../secrets/standard-secret.js';
import { isSame } from '../constant-time.js';
import { hmacInTurns, hmacOf, MAX_SIGNATURES } from '../hmac-signature.js';
import type { Provider } from '../provider.js';
import { sizeSettings, timedSettings } from '../settings.js';
import { type Signed as SignedDelivery, secondsOf, type Unsigned } from '../sign.js';
import { MalformedPayload, type RawDelivery, type SourceHeaders, type WebhookScheme } from '../webhook-scheme.js';
import { jsonOrForm, MAX_BODY_BYTES, serviceScheme, typeOf } from './generic.js';
import { isTimely } from './timestamp.js';

const verifySignature = promisify(verify);

const SYMMETRIC = /^v1,[A-Za-z0-9+/]{43}=$/;
const ASYMMETRIC = /^v1a,[A-Za-z0-9+/]{86}==$/;
/** The header of an Ed25519 key's SubjectPublicKeyInfo, which precedes its raw 32 bytes (RFC 8410). */
const ED25519_HEADER = Buffer.from('302a300506032b6570032100', 'hex');

const settings = z.strictObject({
  kind: z.literal('standard-webhooks'),
  ...timedSettings(verifyingSecret),
  ...sizeSettings,
});

type StandardWebhooksSource = Resolved<z.output<typeof settings>>;

/**
 * Standard Webhooks, and Svix, its origin: `v1` with `whsec_…` secrets, `v1a` with `whpk_…` public keys, over
 * `id.timestamp.body`. Source:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standardWebhooks = { facts: {}, settings, webhook, sign } satisfies Provider<StandardWebhooksSource>;

function webhook(source: Pick<StandardWebhooksSource, 'secrets' | 'toleranceSeconds' | 'maxBodyBytes'>): WebhookScheme {
  return {
    ...serviceScheme('standard-webhooks'),
    maxBodyBytes: source.maxBodyBytes ?? MAX_BODY_BYTES,
    capabilities: {
      verifiedBy: '`v1` with `whsec_…`, `v1a` with `whpk_…`, within five minutes; Svix’s header names too',
      key: '`webhook-id`',
      events: ['generic'],
    },
    singletonHeaders: [
      'content-type',
      ...['webhook', 'svix'].flatMap((prefix) => ['id', 'timestamp', 'signature'].map((name) => `${prefix}-${name}`)),
    ],
    parse: jsonOrForm,
    isSigned: (headers) => readSigned(headers) !== undefined,
    verifyHeaders: (headers, now) => (isTimelySigned(headers, { ...source, now }) ? undefined : false),
    verify: async (delivery, now) => verifyStandard(delivery, { ...source, now }),
    eventName: typeOf,
    /** The id that was signed: the headers of the other family may be forged. */
    deliveryKey: ({ headers }) => readSigned(headers)?.id ?? missing(),
  };
}

function missing(): never {
  throw new MalformedPayload('the header webhook-id is missing');
}

interface Signed {
  readonly id: string;
  readonly time: string;
  readonly signatures: readonly string[];
}

/** Returns the id, the time and the well-formed signatures of one family of headers. Undefined where one is missing. */
export function readSigned(headers: SourceHeaders): Signed | undefined {
  const prefix = headers['webhook-signature'] === undefined ? 'svix' : 'webhook';
  const [id, time, list] = ['id', 'timestamp', 'signature'].map((name) => headers[`${prefix}-${name}`]);
  if (!id || !time || !list || !/^[\x21-\x7e]{1,200}$/.test(id)) return undefined;
  const entries = list.split(/\s/).filter((entry) => SYMMETRIC.test(entry) || ASYMMETRIC.test(entry));
  return entries.length > 0 ? { id, time, signatures: entries.slice(0, MAX_SIGNATURES) } : undefined;
}

/** Returns whether headers hold well-formed signatures of a time close to `now` (Unix ms). */
export function isTimelySigned(
  headers: SourceHeaders,
  when: { readonly toleranceSeconds: number; readonly now: number },
): boolean {
  return isTimely(readSigned(headers)?.time, when);
}

/** Returns whether one of the secrets made one of the signatures, and its time is close to `now` (Unix ms). */
export async function verifyStandard(
  { headers, body }: RawDelivery,
  { secrets, toleranceSeconds, now }: Pick<StandardWebhooksSource, 'secrets' | 'toleranceSeconds'> & { now: number },
): Promise<boolean> {
  const signed = readSigned(headers);
  if (!signed || !isTimely(signed.time, { now, toleranceSeconds })) return false;
  const before = `${signed.id}.${signed.time}.`;
  let found = 0;
  for (const secret of secrets.flatMap((one) => one.revealAll()))
    found += secret.startsWith('whpk_')
      ? await signaturesOf(secret, signed.signatures, Buffer.concat([Buffer.from(before), body]))
      : await signaturesBy(secret, signed.signatures, { before, body });
  return found > 0;
}

/** Returns how many signatures a shared secret made. */
async function signaturesBy(
  secret: string,
  signatures: readonly string[],
  content: { readonly before: string; readonly body: Buffer },
): Promise<number> {
  const key = keyOf(secret);
  if (key.length === 0) return 0;
  const expected = `v1,${await hmacInTurns(key, { algorithm: 'sha256', encoding: 'base64' }, content)}`;
  return signatures.filter((entry) => isSame(entry, expected)).length;
}

/** Signs with the first secret that is no public key. */
function sign(
  { toleranceSeconds }: Pick<StandardWebhooksSource, 'toleranceSeconds'>,
  unsigned: Unsigned,
  now: number,
): SignedDelivery | undefined {
  const by = unsigned.secrets.findIndex((secret) => !secret.startsWith('whpk_'));
  return by < 0 ? undefined : signStandard({ ...unsigned, by, toleranceSeconds }, now);
}

/** Signs a delivery with the secret of the index `by`. `toleranceSeconds`: how long it is accepted. */
export function signStandard(
  {
    body,
    id,
    secrets,
    by,
    toleranceSeconds,
  }: Pick<Unsigned, 'body' | 'id' | 'secrets'> & { readonly by: number; readonly toleranceSeconds: number },
  now: number,
): SignedDelivery {
  const time = secondsOf(now);
  const key = keyOf(secrets[by] ?? '');
  const signature = hmacOf(key, { algorithm: 'sha256', encoding: 'base64' }, `${id}.${time}.`, body);
  return {
    by,
    seconds: toleranceSeconds,
    headers: { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` },
  };
}

/** Returns the key of a secret, which is base64 after `whsec_`. */
function keyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}

/** Returns how many signatures the owner of a public key made. Node checks each on a thread of its own. */
async function signaturesOf(publicKey: string, entries: readonly string[], content: Buffer): Promise<number> {
  const raw = Buffer.from(publicKey.slice('whpk_'.length), 'base64');
  if (raw.length !== 32) return 0;
  const key = createPublicKey({ key: Buffer.concat([ED25519_HEADER, raw]), format: 'der', type: 'spki' });
  let count = 0;
  for (const entry of entries.filter((one) => ASYMMETRIC.test(one)))
    if (await verifySignature(null, content, key, Buffer.from(entry.slice('v1a,'.length), 'base64'))) count += 1;
  return count;
}

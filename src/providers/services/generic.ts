import { z } from 'zod';
import type { GenericEvent } from '../../events/event.js';
import { eventNameOr, idInField, idInHeader, jsonBody } from '../delivery-fields.js';
import { msOf } from '../duration.js';
import { given, type Unsigned } from '../sign.js';
import {
  MalformedPayload,
  type Normalised,
  type ParsedDelivery,
  type ProviderContext,
  type RawDelivery,
  TooManyValues,
  type WebhookScheme,
} from '../webhook-scheme.js';

/** In bytes of JSON. A larger payload stays in the store, because Temporal carries an event several times. */
const MAX_DATA = 64 * 1024;
/**
 * Data that is nested deeper can be written out as JSON here, but not a few calls further down, where less stack is
 * left.
 */
const DEEPEST_DATA = 500;

const idSchema = z.object({ id: z.union([z.string(), z.number()]).optional() });

/**
 * Returns the event of a payload, which may be any JSON. Throws {@link MalformedPayload} when it is nested too deeply
 * to be written out again.
 */
export function genericEvent(payload: unknown, type: string, { provider, ...context }: ProviderContext): Normalised {
  const { id } = idSchema.safeParse(payload).data ?? {};
  const json = jsonOf(payload);
  const event: GenericEvent = {
    ...context,
    provider,
    kind: 'generic',
    type,
    ...(id !== undefined && { id: String(id).slice(0, 200) }),
    ...(Buffer.byteLength(json) <= MAX_DATA && isShallow(payload) && { data: payload }),
  };
  return { event };
}

function jsonOf(payload: unknown): string {
  try {
    return JSON.stringify(payload);
  } catch (error) {
    if (error instanceof RangeError) throw new MalformedPayload('the body is nested too deeply');
    throw error;
  }
}

function isShallow(payload: unknown): boolean {
  let level: readonly unknown[] = [payload];
  for (let depth = 0; depth < DEEPEST_DATA; depth += 1) {
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    if (level.length === 0) return true;
  }
  return false;
}

/** Returns what the schemes of all services share: their bodies are JSON, and become one `generic` event each. */
export function serviceScheme(provider: string): Pick<WebhookScheme, 'maxBodyBytes' | 'parse' | 'normalise'> {
  return {
    maxBodyBytes: 25 * 1024 * 1024,
    parse: jsonBody,
    normalise: (payload, type, context) => genericEvent(payload, type, { ...context, provider }),
  };
}

/** Where nobody knows who sends. Reading takes time that all other deliveries wait for. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** What the configuration of a source may say about its deliveries: what holds their id and their type, how large they are. */
export interface Naming {
  readonly maxBodyBytes?: number | undefined;
  readonly keyHeader?: string | undefined;
  readonly keyField?: string | undefined;
  readonly repeatedBody?: string | undefined;
  readonly typeHeader?: string | undefined;
}

/** What a kind adds to {@link configurableScheme}. */
interface Verification {
  readonly provider: string;
  /** Follows "verified by". */
  readonly verifiedBy: string;
  /** The lower-case header that holds the credential. */
  readonly header: string;
}

/** Returns all of a scheme but the verification, for services of which only the configuration knows the headers. */
export function configurableScheme(
  { keyHeader, keyField, repeatedBody, typeHeader, maxBodyBytes }: Naming,
  { provider, verifiedBy, header }: Verification,
): Omit<WebhookScheme, 'isSigned' | 'verifyHeaders' | 'verify'> {
  const naming = [keyHeader, typeHeader].flatMap((name) => (name ? [name.toLowerCase()] : []));
  return {
    ...serviceScheme(provider),
    maxBodyBytes: maxBodyBytes ?? MAX_BODY_BYTES,
    capabilities: { verifiedBy, key: keyInWords({ keyHeader, keyField, repeatedBody }), events: ['generic'] },
    singletonHeaders: [header, 'content-type', ...naming],
    parse: jsonOrForm,
    eventName: (delivery) => (typeHeader ? eventNameOr(delivery.headers[typeHeader.toLowerCase()]) : typeOf(delivery)),
    deliveryKey: (delivery) => {
      const given = keyHeader && idInHeader(delivery, keyHeader.toLowerCase());
      return given || (keyField === undefined ? undefined : idInField(delivery.payload, keyField));
    },
    ...(repeatedBody !== undefined && { repeatedBody: () => msOf(repeatedBody) }),
  };
}

/** Returns the headers in which a sender puts the id and the type, where the configuration says which these are. */
export function namingHeaders(
  { keyHeader, typeHeader }: Naming,
  { id, eventName }: Pick<Unsigned, 'id' | 'eventName'>,
): Record<string, string> {
  return given({
    ...(keyHeader && { [keyHeader.toLowerCase()]: id }),
    ...(typeHeader && { [typeHeader.toLowerCase()]: eventName }),
  });
}

/**
 * Returns the body's JSON, or the fields of a form. The content type is not signed: what is JSON is never read as a form.
 * A field that is there several times is a list. Throws {@link MalformedPayload}.
 */
export function jsonOrForm(delivery: RawDelivery): unknown {
  const type = delivery.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  try {
    return jsonBody(delivery);
  } catch (error) {
    if (
      error instanceof TooManyValues ||
      type !== 'application/x-www-form-urlencoded' ||
      /^\s*[{[]/.test(delivery.body.toString('latin1', 0, 100))
    )
      throw error;
  }
  // No prototype: a field may be called anything.
  const fields: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of readForm(delivery.body, delivery.maxValues)) {
    const before = fields[name];
    if (Array.isArray(before)) before.push(value);
    else fields[name] = before === undefined ? value : [before, value];
  }
  return fields;
}

/** Returns the fields of a form. Throws {@link TooManyValues}. */
export function readForm(body: Buffer, maxValues = Number.POSITIVE_INFINITY): URLSearchParams {
  let count = 1;
  for (let at = body.indexOf('&'); at >= 0; at = body.indexOf('&', at + 1)) {
    count += 1;
    if (count > maxValues) throw new TooManyValues(maxValues);
  }
  return new URLSearchParams(body.toString('utf8'));
}

function keyInWords({ keyHeader, keyField, repeatedBody }: Naming): string {
  const ids = [keyHeader && `\`${keyHeader}\``, keyField && `the body's \`${keyField}\``].filter(Boolean);
  if (repeatedBody !== undefined) ids.push(`the body within ${repeatedBody}`);
  return ids.join(', else ') || '`keyHeader`, `keyField` or `repeatedBody`, else each request is a new one';
}

/** Returns the body's `type`, which may be a number; `event` where it has none, or one that can't name an event. */
export function typeOf({ payload }: ParsedDelivery): string {
  if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, 'type')) return 'event';
  const { type } = payload as { type: unknown };
  return type === null || typeof type === 'object' ? 'event' : eventNameOr(String(type));
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { GenericEvent } from '../../events/event.js';
import { parseJson } from '../parse-json.js';
import {
  MalformedPayload,
  type Normalised,
  type ParsedDelivery,
  type ProviderContext,
  type RawDelivery,
} from '../webhook-scheme.js';

/** What the kinds share whose deliveries come from no Git provider: their events are `generic`. */

/** In bytes of JSON. A larger payload stays in the store; Temporal carries an event several times over. */
const MAX_DATA = 64 * 1024;
/** What is nested by the thousand can be written out here and not a few calls further down, where less stack is left. */
const DEEPEST_DATA = 500;

const idSchema = z.object({ id: z.union([z.string(), z.number()]).optional() });

/** The event of a payload: any JSON will do. */
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

/** Parsing copes with any nesting, writing it out again does not. */
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

/** JSON whatever the content type says: services differ in what they call it. Throws {@link MalformedPayload}. */
export function jsonBody({ body, text }: RawDelivery): unknown {
  return parseJson(body, text);
}

/** A header that an event needs. Throws {@link MalformedPayload}. */
export function neededHeader({ headers }: RawDelivery, name: string): string {
  const value = headers[name];
  if (!value) throw new MalformedPayload(`the header ${name} is missing`);
  if (!/^[\x20-\x7e]{1,200}$/.test(value)) throw new MalformedPayload(`the header ${name} is malformed`);
  return value;
}

/** A text field of the body, `type` for example. Throws {@link MalformedPayload}. */
export function neededField(payload: unknown, name: string): string {
  const value =
    typeof payload === 'object' && payload !== null && Object.hasOwn(payload, name)
      ? (payload as Record<string, unknown>)[name]
      : undefined;
  if (typeof value !== 'string' || !/^[\x20-\x7e]{1,200}$/.test(value))
    throw new MalformedPayload(`the body's field "${name}" is missing or malformed`);
  return value;
}

/** The key of a delivery that has no id: the same body is the same delivery. */
export function keyOfBody({ body }: ParsedDelivery): string {
  return `sha256-${createHash('sha256').update(body).digest('hex')}`;
}

/** What the configuration of a generic source may say about where its deliveries have their id and type. */
export interface Naming {
  readonly keyHeader?: string | undefined;
  readonly typeHeader?: string | undefined;
}

export function namedKey(delivery: ParsedDelivery, { keyHeader }: Naming): string {
  return keyHeader ? neededHeader(delivery, keyHeader.toLowerCase()) : keyOfBody(delivery);
}

/** `event` where neither a header is named nor the body has a `type`. */
export function namedType(delivery: ParsedDelivery, { typeHeader }: Naming): string {
  if (typeHeader) return neededHeader(delivery, typeHeader.toLowerCase());
  const { payload } = delivery;
  const hasType = typeof payload === 'object' && payload !== null && Object.hasOwn(payload, 'type');
  return hasType ? neededField(payload, 'type') : 'event';
}

export function namingHeaders({ keyHeader, typeHeader }: Naming): string[] {
  return [keyHeader, typeHeader].flatMap((name) => (name ? [name.toLowerCase()] : []));
}

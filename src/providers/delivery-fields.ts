import { createHash } from 'node:crypto';
import { parseJson } from './parse-json.js';
import { MalformedPayload, type RawDelivery } from './webhook-scheme.js';

/** What an event's name or an id may look like: printable ASCII. They become part of log lines and ids. */
const NAME = /^[\x20-\x7e]{1,200}$/;

/** Returns the body as JSON whatever the content type says: senders differ in it. Throws {@link MalformedPayload}. */
export function jsonBody({ body, text, maxValues }: RawDelivery): unknown {
  return parseJson(body, { text, maxValues });
}

/** Returns a header that an event needs. Throws {@link MalformedPayload} when it is missing or not printable ASCII. */
export function neededHeader({ headers }: RawDelivery, name: string): string {
  const value = headers[name];
  if (!value) throw new MalformedPayload(`the header ${name} is missing`);
  if (!NAME.test(value)) throw new MalformedPayload(`the header ${name} is malformed`);
  return value;
}

/**
 * Returns the id in a header. Undefined where there is none: whatever was verified is a delivery, and none is lost for want of an
 * id. Ids become parts of names: one that can't stands there by its hash.
 */
export function idInHeader({ headers }: Pick<RawDelivery, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  if (!value) return undefined;
  return NAME.test(value) ? value : keyOfBytes(value);
}

/** Returns a text field of the body, `type` for example. Throws {@link MalformedPayload}. */
export function neededField(payload: unknown, name: string): string {
  const value =
    typeof payload === 'object' && payload !== null && Object.hasOwn(payload, name)
      ? (payload as Record<string, unknown>)[name]
      : undefined;
  if (typeof value !== 'string' || !NAME.test(value))
    throw new MalformedPayload(`the body's field "${name}" is missing or malformed`);
  return value;
}

/** Returns a name that may be one of an event; `event` for one that is missing or can't stand in ids and lines of the log. */
export function eventNameOr(value: unknown): string {
  return typeof value === 'string' && NAME.test(value) ? value : 'event';
}

/** Returns a key for a delivery that has no id, but of which no other has the same bytes: their hash. */
export function keyOfBytes(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `sha256-${hash.digest('hex')}`;
}

/** Returns the id in a field of the body, `data.id` for example. Undefined where it is neither a text nor a number. */
export function idInField(payload: unknown, path: string): string | undefined {
  let value = payload;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '') return undefined;
  // Ids become parts of names: one that can't stands there by its hash.
  return NAME.test(value) ? value : keyOfBytes(value);
}

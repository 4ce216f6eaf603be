import type { Mask } from './mask.js';
import { withoutCredentials } from './without-credentials.js';

/** In characters: of a message or a stack. More than this nobody reads, and Temporal keeps it in every history. */
const LONGEST_TEXT = 32_768;

/** Returns data as it is, or where its texts hold a secret, a copy in which they are hidden. Names are left as they are. */
export function maskData<T>(value: T, mask: Mask): T {
  return masked(value, mask, []) as T;
}

/** `within`: the objects that hold the value, since one that holds itself has no end. */
function masked(value: unknown, mask: Mask, within: readonly object[]): unknown {
  if (typeof value === 'string') return mask(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || within.includes(value)) return value;
  const below = [...within, value];
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const written: unknown = value.toJSON();
    const shown = masked(written, mask, below);
    return shown === written ? value : shown;
  }
  if (Array.isArray(value)) {
    const shown = value.map((item) => masked(item, mask, below));
    return shown.every((item, i) => Object.is(item, value[i])) ? value : shown;
  }
  const entries = Object.entries(value);
  const shown = entries.map(([key, item]) => [key, masked(item, mask, below)] as const);
  return shown.every(([, item], i) => Object.is(item, entries[i]?.[1])) ? value : Object.fromEntries(shown);
}

/** Returns a text from outside with its secrets hidden, also those that only their form shows. */
export function maskText(text: string, mask: Mask): string {
  return withoutCredentials(mask(text));
}

/**
 * Hides secrets in all that an error says: its message, its stack, its details, and the same of its causes. It stays the same
 * error, or where it can't be changed, one of its class that says the rest of it. Returns other things that were thrown as
 * {@link maskData} does.
 */
export function maskError(error: unknown, mask: Mask): unknown {
  return maskThrown(error, mask, new Map());
}

/** `seen`: errors with what is returned for them, since one may be the cause of itself. */
function maskThrown(thrown: unknown, mask: Mask, seen: Map<unknown, unknown>): unknown {
  if (seen.has(thrown)) return seen.get(thrown);
  if (!(thrown instanceof Error)) return typeof thrown === 'string' ? maskText(thrown, mask) : maskData(thrown, mask);
  const error = canBeChanged(thrown) ? thrown : copyOf(thrown);
  seen.set(thrown, error);
  // The stack begins with the message, and may have been written before that was hidden.
  const { message, stack, cause } = thrown;
  const changes = [set(error, 'message', cut(maskText(message, mask)))];
  if (stack !== undefined) changes.push(set(error, 'stack', cut(maskText(stack, mask))));
  if (cause !== undefined) changes.push(set(error, 'cause', maskThrown(cause, mask, seen)));
  if (thrown instanceof AggregateError) {
    const errors = thrown.errors.map((one: unknown) => maskThrown(one, mask, seen));
    if (errors.some((one, i) => one !== thrown.errors[i])) changes.push(set(error, 'errors', errors));
  }
  // Of the rest, this is what Temporal keeps.
  for (const name of ['details', 'failure'])
    if (name in error) changes.push(set(error, name, maskData(Reflect.get(error, name), mask)));
  return changes.includes(true) ? error : thrown;
}

function canBeChanged(error: Error): boolean {
  const own = Object.values(Object.getOwnPropertyDescriptors(error));
  return Object.isExtensible(error) && own.every(({ configurable }) => configurable);
}

function copyOf(error: Error): Error {
  const own = Object.entries(Object.getOwnPropertyDescriptors(error));
  const changeable = own.map(([name, property]) => [name, { ...property, configurable: true }]);
  return Object.create(Object.getPrototypeOf(error), Object.fromEntries(changeable));
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

/** Returns whether that changed it. */
function set(error: Error, name: string, value: unknown): boolean {
  if (Reflect.get(error, name) === value) return false;
  Object.defineProperty(error, name, { value, configurable: true, writable: true, enumerable: isShown(error, name) });
  return true;
}

function isShown(error: Error, name: string): boolean {
  return Object.getOwnPropertyDescriptor(error, name)?.enumerable ?? false;
}

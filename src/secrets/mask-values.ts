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
 * error, of its class. Returns other things that were thrown as {@link maskData} does.
 */
export function maskError(error: unknown, mask: Mask): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? maskText(error, mask) : maskData(error, mask);
  const seen = new Set<object>();
  for (let one: unknown = error; one instanceof Error && !seen.has(one); one = one.cause) {
    seen.add(one);
    hideIn(one, mask);
    if (one.cause !== undefined && !(one.cause instanceof Error)) set(one, 'cause', maskError(one.cause, mask));
  }
  return error;
}

function hideIn(error: Error, mask: Mask): void {
  // The stack begins with the message, and may have been written before that was hidden.
  const { message, stack } = error;
  set(error, 'message', cut(maskText(message, mask)));
  if (stack !== undefined) set(error, 'stack', cut(maskText(stack, mask)));
  if (error instanceof AggregateError) for (const one of error.errors) maskError(one, mask);
  // Of the rest, this is what Temporal keeps.
  for (const name of ['details', 'failure'])
    if (name in error) set(error, name, maskData(Reflect.get(error, name), mask));
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function set(error: Error, name: string, value: unknown): void {
  if (Reflect.get(error, name) === value) return;
  Object.defineProperty(error, name, { value, configurable: true, writable: true, enumerable: isShown(error, name) });
}

function isShown(error: Error, name: string): boolean {
  return Object.getOwnPropertyDescriptor(error, name)?.enumerable ?? false;
}

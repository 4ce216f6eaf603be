import { findDecoded } from './decoded-views.js';
import { configuredSpans, otherSpans } from './known-secrets.js';
import { Secret } from './secret.js';
import { SpellingFinder } from './spelling-finder.js';
import type { Span } from './text-finder.js';

/** Replaces every secret in a text by `***`. */
export type Mask = (text: string) => string;

/**
 * Returns what hides some secrets, however they are written, and those of the process that no configuration holds. `words`: also
 * where one is an ordinary word: for the output of jobs, which is shown and never read again by a program.
 */
export function createMask(secrets: readonly Secret[], how?: { readonly words?: boolean }): Mask {
  return maskBy(finderOf(secrets, how));
}

/** Returns what finds some secrets. `words`: see {@link createMask}. */
export function finderOf(
  secrets: readonly Secret[],
  { words = true }: { readonly words?: boolean } = {},
): SpellingFinder {
  const finder = new SpellingFinder();
  for (const value of secrets.flatMap((secret) => secret.revealKnown())) finder.add(value, { words });
  return finder;
}

/** Returns what hides all that some find, and the secrets of the process that no configuration holds. */
export function maskBy(...finders: readonly Pick<SpellingFinder, 'find'>[]): Mask {
  const find = (text: string) => [...finders.flatMap((finder) => finder.find(text)), ...otherSpans(text)];
  return (text) => blotted(text, findDecoded(text, find));
}

const masks = new WeakMap<object, Mask>();

/** Returns what hides the secrets of a configuration, or of a part of it. Made once for each. */
export function maskOf(holder: object): Mask {
  const made = masks.get(holder) ?? createMask(secretsIn(holder), { words: false });
  masks.set(holder, made);
  return made;
}

/** Hides all that the process knows: where no configuration is at hand. */
export const maskKnown: Mask = (text) =>
  blotted(
    text,
    findDecoded(text, (one) => [...configuredSpans(one), ...otherSpans(one)]),
  );

function blotted(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let shown = '';
  let end = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start > end || end === 0) shown += `${text.slice(end, span.start)}***`;
    end = Math.max(end, span.end);
  }
  return shown + text.slice(end);
}

/** Returns every secret that a configuration holds. */
export function secretsIn(value: unknown): Secret[] {
  if (value instanceof Secret) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretsIn);
}

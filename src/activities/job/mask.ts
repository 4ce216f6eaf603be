import { Secret } from '../../secrets/secret.js';

/** In characters. Masking shorter values would hide ordinary words. */
const SHORTEST = 6;

/** Line lengths of `base64` and `openssl`. */
const BASE64_LINES = [76, 64];

/**
 * Returns a function that replaces every secret in a text by `***`, and each line of a secret that has several; also as
 * they are written in base64 (alone or within something longer), in a URL and in JSON.
 */
export function createMask(secrets: readonly Secret[]): (text: string) => string {
  const hidden = new Set(secrets.flatMap((secret) => spellings(secret.reveal())));
  // Longer ones first: one may be part of another.
  const ordered = [...hidden].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((rest, value) => (rest.includes(value) ? rest.replaceAll(value, '***') : rest), text);
}

function spellings(secret: string): string[] {
  const whole = secret.trim();
  const parts = [whole, ...whole.split(/\r?\n/).map((line) => line.trim())].filter((part) => part.length >= SHORTEST);
  const encoded = parts.flatMap((part) => [encodeURIComponent(part), JSON.stringify(part).slice(1, -1)]);
  const base64 = parts.flatMap((part) => [0, 1, 2].map((before) => inBase64(part, before)));
  const url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const broken = BASE64_LINES.flatMap((width) => inBase64(whole, 0).match(new RegExp(`.{1,${width}}`, 'g')) ?? []);
  return [...parts, ...encoded, ...base64, ...url, ...broken].filter((text) => text.length >= SHORTEST);
}

/** Returns the base64 characters that depend on the text alone when `before` bytes precede it, whatever follows. */
function inBase64(text: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
  return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

/** Returns every secret that a configuration holds. */
export function secretsIn(value: unknown): Secret[] {
  if (value instanceof Secret) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretsIn);
}

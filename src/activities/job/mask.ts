import { Secret } from '../../config/secret.js';

/** Shorter values would blot out ordinary words, and are no secrets worth the name. */
const SHORTEST = 6;

/** Replaces every secret in a line by `***`, also in base64, and each line of one that has several. */
export function createMask(secrets: readonly Secret[]): (line: string) => string {
  const hidden = new Set<string>();
  for (const secret of secrets) {
    const value = secret.reveal();
    for (const part of [value, ...value.split(/\r?\n/)]) {
      if (part.trim().length < SHORTEST) continue;
      hidden.add(part.trim());
      hidden.add(Buffer.from(part.trim()).toString('base64').replace(/=+$/, ''));
      hidden.add(encodeURIComponent(part.trim()));
    }
  }
  // Longer ones first: one may be a part of another.
  const ordered = [...hidden].sort((a, b) => b.length - a.length);
  return (line) => ordered.reduce((text, value) => (text.includes(value) ? text.replaceAll(value, '***') : text), line);
}

/** Every secret that a configuration holds. */
export function secretsIn(value: unknown): Secret[] {
  if (value instanceof Secret) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretsIn);
}

import sha256 from 'fast-sha256';

/**
 * Returns the SHA-256 of a value as JSON, in hexadecimal digits: the same for what is the same, in whatever order it was written. Pure,
 * since workflow code has no `node:crypto`. Stored: it stays as it is made.
 */
export function hashOf(value: unknown): string {
  const sorted = (_: string, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one;
  const bytes = sha256.hash(new TextEncoder().encode(JSON.stringify(value, sorted)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

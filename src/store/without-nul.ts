/**
 * Text for people, with its NUL characters made visible: neither SQLite's functions nor Postgres can hold them, and
 * the output of a build may have some.
 */
export function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\u2400') : text;
}

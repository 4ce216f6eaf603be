/**
 * Returns text for people with its NUL characters made visible: SQLite's functions and Postgres can't hold them, and a
 * build's output may have some.
 */
export function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\u2400') : text;
}

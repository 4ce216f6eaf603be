/** The version of a self-hosted server. */
export interface ServerVersion {
  readonly version: string;
  /** What it can't do that a later one can, a sentence each, with what that means for automations. */
  readonly lacks: readonly string[];
}

/**
 * Returns whether a version is older than another, number by number, as far as the other goes: `1.26.0+dev` is older than
 * `28`, and `28.0.1` is not. One without a number is taken for the newest.
 */
export function isOlder(version: string, than: readonly number[]): boolean {
  const numbers = /^v?(\d+(?:\.\d+)*)/.exec(version.trim())?.[1]?.split('.').map(Number);
  if (!numbers) return false;
  for (const [index, wanted] of than.entries()) {
    const number = numbers[index] ?? 0;
    if (number !== wanted) return number < wanted;
  }
  return false;
}

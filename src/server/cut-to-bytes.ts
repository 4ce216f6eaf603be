/** The longest beginning of a text that takes at most `bytes` bytes as UTF-8, without half a character at its end. */
export function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const kept = Buffer.from(text).subarray(0, bytes).toString('utf8');
  return kept.replace(/\uFFFD$/, '');
}

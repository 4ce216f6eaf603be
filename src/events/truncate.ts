/** The longest beginning of a text that takes at most `bytes` bytes as UTF-8, without half a character at its end. */
export function cutToBytes(text: string, bytes: number): string {
  let [size, end] = [0, 0];
  for (const character of text) {
    size += bytesOf(character.codePointAt(0) ?? 0);
    if (size > bytes) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

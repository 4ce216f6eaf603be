/** Cuts texts that are too long. A character is a Unicode code point here, and none is ever halved. */

/** Returns the text, or its first `max - 1` characters and `…`, so that people see that it was cut. */
export function truncate(text: string, max: number): string {
  return cutToCharacters(text, max) === text ? text : `${cutToCharacters(text, max - 1)}…`;
}

/** Returns the first `max` characters of a text. */
export function cutToCharacters(text: string, max: number): string {
  if (text.length <= max) return text;
  let [count, end] = [0, 0];
  for (const character of text) {
    if (count === max) return text.slice(0, end);
    count += 1;
    end += character.length;
  }
  return text;
}

/** Returns the longest beginning of a text whose `length` (UTF-16 code units) is at most `max`. */
export function cutToLength(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.slice(0, max);
  return /[\uD800-\uDBFF]$/.test(end) ? end.slice(0, -1) : end;
}

/** Returns the longest beginning of a text that takes at most `max` bytes as UTF-8. */
export function cutToBytes(text: string, max: number): string {
  let [size, end] = [0, 0];
  for (const character of text) {
    size += bytesOf(character.codePointAt(0) ?? 0);
    if (size > max) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

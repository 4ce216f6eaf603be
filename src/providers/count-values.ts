const [QUOTE, BACKSLASH, COMMA, LIST, OBJECT] = [...'"\\,[{'].map((character) => character.charCodeAt(0));

/**
 * Returns how many values a JSON text holds, counted without parsing it: its lists and objects, and what stands between
 * commas. Those in a list or object that is the only one of another count once too often at most.
 */
export function countValues(json: Uint8Array): number {
  let count = 1;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === COMMA || byte === LIST || byte === OBJECT) count += 1;
    else if (byte === QUOTE) at = endOfString(json, at);
  }
  return count;
}

/** Returns the position of the quote that closes the string which opens at `start`. */
function endOfString(json: Uint8Array, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === BACKSLASH) at += 1;
    else if (json[at] === QUOTE) return at;
  }
  return json.length;
}

/** A body of this size takes a few milliseconds to read, whatever it holds. */
const LIGHT_BYTES = 16 * 1024;
/** Nor does any of this size take long, unless it holds many values. */
const MOST_BYTES = 128 * 1024;
const MOST_VALUES = 5_000;

const [COMMA, LIST, OBJECT, FIELD] = [...',[{&'].map((character) => character.charCodeAt(0));

/**
 * Returns whether a body can be read while everything else waits: in some ten milliseconds at worst. Counts what separates
 * values in JSON and forms wherever it stands, since that is quick, and a body that is taken for a heavy one is only read
 * elsewhere.
 */
export function isLight(body: Uint8Array): boolean {
  if (body.length <= LIGHT_BYTES) return true;
  if (body.length > MOST_BYTES) return false;
  let count = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === COMMA || byte === LIST || byte === OBJECT || byte === FIELD) count += 1;
  }
  return count <= MOST_VALUES;
}

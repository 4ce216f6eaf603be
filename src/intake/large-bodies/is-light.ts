/** A body of this size holds few values, whatever they are. */
const LIGHT_BYTES = 16 * 1024;
/** Nor does any of this size take long, unless it holds many values. */
const MOST_BYTES = 128 * 1024;
const MOST_VALUES = 5_000;
/** For so many lines, the parser of comments takes some ten milliseconds. */
const MOST_LINES = 500;

const [COMMA, LIST, OBJECT, FIELD, BACKSLASH = 0] = [...',[{&\\'].map((character) => character.charCodeAt(0));
/** What the ends of lines begin with in texts of JSON, and of JSON in a form. */
const LINE_ENDS = [BACKSLASH, Buffer.from('%5C'), Buffer.from('%5c')];

/**
 * Returns whether a body can be read while everything else waits: in some ten milliseconds at worst. Counts what separates
 * values in JSON and forms, and what ends lines, wherever it stands, since that is quick, and a body that is taken for a
 * heavy one is only read elsewhere.
 */
export function isLight(body: Buffer): boolean {
  if (body.length > MOST_BYTES || LINE_ENDS.some((end) => holdsMore(body, end))) return false;
  return body.length <= LIGHT_BYTES || valuesIn(body) <= MOST_VALUES;
}

/** Whether there are more than {@link MOST_LINES} of something. */
function holdsMore(body: Buffer, what: number | Buffer): boolean {
  let at = -1;
  for (let count = 0; count <= MOST_LINES; count += 1) {
    at = body.indexOf(what, at + 1);
    if (at < 0) return false;
  }
  return true;
}

function valuesIn(body: Buffer): number {
  let count = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === COMMA || byte === LIST || byte === OBJECT || byte === FIELD) count += 1;
  }
  return count;
}

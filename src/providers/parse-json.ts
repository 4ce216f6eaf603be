import { MalformedPayload } from './webhook-scheme.js';

/**
 * Reads JSON from bytes. Integers that a JavaScript number can't hold exactly become strings, so that two ids never
 * collapse into one. `decoded`: the bytes as text, where somebody has them. Throws {@link MalformedPayload}.
 */
export function parseJson(bytes: Uint8Array, decoded?: string): unknown {
  const text = decoded === undefined ? decodeUtf8(bytes) : withoutMark(decoded);
  const value = parse(text);
  return sixteenDigits.test(text) && mayHoldBigInteger.test(text) ? parse(quoteBigIntegers(text)) : value;
}

/** A byte-order mark is left out, as RFC 8259 allows; a byte sequence that is not UTF-8 is refused. */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MalformedPayload('the body is not UTF-8');
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\u{feff}') ? text.slice(1) : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedPayload('the body is not valid JSON');
  }
}

/**
 * The largest safe integer has 16 digits. Digits alone are looked for first: written out one by one, since V8 then skips
 * through a text, five times as fast. Then only digits where a value may begin: the names of commits, zeros for a new
 * branch's above all, hold as many in a row, and the walk costs three times as much as the parser.
 */
const sixteenDigits = new RegExp('[0-9]'.repeat(16));
const mayHoldBigInteger = /(?:^|[:[,])\s*-?\d{16}/;
const number = /-?\d[\d.eE+-]*/y;

/** `text` is known to be JSON by now. Walks over it once, past strings, so that digits within a string stay. */
function quoteBigIntegers(text: string): string {
  let quoted = '';
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfString(text, at);
    number.lastIndex = at;
    const token = number.exec(text)?.[0];
    if (!token) continue;
    if (/^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))) {
      quoted += `${text.slice(copied, at)}"${token}"`;
      copied = at + token.length;
    }
    at += token.length - 1;
  }
  return quoted + text.slice(copied);
}

/** Position of the quote that closes the string which opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

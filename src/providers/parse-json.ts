import { countValues } from './count-values.js';
import { MalformedPayload, TooManyValues } from './webhook-scheme.js';

/** What is known of a JSON text. */
interface Known {
  /** The bytes as text, where they were decoded already. */
  readonly text?: string | undefined;
  /** How many values it may hold. Absent: any number. */
  readonly maxValues?: number | undefined;
}

/**
 * Parses JSON. Integers that a JavaScript number can't hold exactly become strings, so that two ids never collapse into
 * one. Throws {@link MalformedPayload}, and {@link TooManyValues} before anything is parsed.
 */
export function parseJson(bytes: Uint8Array, { text: decoded, maxValues }: Known = {}): unknown {
  // Each value takes a byte at least.
  if (maxValues !== undefined && bytes.length > maxValues && countValues(bytes) > maxValues)
    throw new TooManyValues(maxValues);
  const text = decoded === undefined ? decodeUtf8(bytes) : withoutMark(decoded);
  const value = parse(text);
  return sixteenDigits.test(text) && mayHoldBigInteger.test(text) ? parse(quoteBigIntegers(text)) : value;
}

/** Decodes UTF-8, without a byte-order mark, as RFC 8259 allows. Throws {@link MalformedPayload} for other bytes. */
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
 * The largest safe integer has 16 digits. The first expression, cheap, finds 16 digits in a row: they are written out
 * one by one because V8 then scans five times as fast. The second finds them where a value may begin, since names of
 * commits, above all the zeros of a new branch, hold as many, and the walk below costs three times as much as the
 * parser.
 */
const sixteenDigits = new RegExp('[0-9]'.repeat(16));
const mayHoldBigInteger = /(?:^|[:[,])\s*-?\d{16}/;
const number = /-?\d[\d.eE+-]*/y;

/** Puts big integers of a valid JSON text into quotes. Strings are skipped, so that digits within them stay. */
function quoteBigIntegers(text: string): string {
  let quoted = '';
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfString(text, at);
    if (!beginsNumber(text.charCodeAt(at))) continue;
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

function beginsNumber(code: number): boolean {
  return code === 0x2d || (code >= 0x30 && code <= 0x39);
}

/** Returns the position of the quote that closes the string which opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

import { MalformedPayload } from '../source-kind.js';

const PLUS = '+'.charCodeAt(0);
const PERCENT = '%'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);

/**
 * The bytes of one field of a URL-encoded form, or undefined if it is not there. Form parsers build the whole object
 * and have been made to run for minutes by that; this one walks once over the one field. Throws
 * {@link MalformedPayload} when the field is there twice or holds a broken escape.
 */
export function formField(form: Buffer, name: string): Buffer | undefined {
  const prefix = Buffer.from(`${name}=`);
  let found: Buffer | undefined;
  for (let start = 0; start < form.length; ) {
    const ampersand = form.indexOf('&', start);
    const end = ampersand < 0 ? form.length : ampersand;
    if (form.subarray(start, start + prefix.length).equals(prefix)) {
      if (found) throw new MalformedPayload(`the form has more than one field "${name}"`);
      found = form.subarray(start + prefix.length, end);
    }
    start = end + 1;
  }
  return found && decode(found);
}

function decode(encoded: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(encoded.length);
  let length = 0;
  for (let at = 0; at < encoded.length; at += 1) {
    const byte = encoded[at] ?? 0;
    if (byte === PERCENT) {
      bytes[length] = hexDigit(encoded[at + 1]) * 16 + hexDigit(encoded[at + 2]);
      at += 2;
    } else {
      bytes[length] = byte === PLUS ? SPACE : byte;
    }
    length += 1;
  }
  return bytes.subarray(0, length);
}

function hexDigit(byte: number | undefined): number {
  const digit = byte === undefined ? -1 : '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase());
  if (digit < 0) throw new MalformedPayload('the form holds a broken percent escape');
  return digit;
}

import { inPieces } from '../../../async/yield-to-event-loop.js';
import { MalformedPayload, type SourceHeaders } from '../../webhook-scheme.js';

const PLUS = '+'.charCodeAt(0);
const PERCENT = '%'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);

/** Returns whether the content type says that the body is a URL-encoded form. */
export function isForm(headers: SourceHeaders): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/x-www-form-urlencoded';
}

/**
 * Returns the bytes of a URL-encoded form's only field. Throws {@link MalformedPayload} for any other form: the
 * content type is not signed, so whoever gets hold of a JSON body that contains `&payload=…`, and of its signature,
 * could send it as a form.
 */
export function onlyFormField(form: Buffer, name: string): Buffer {
  return decode(encodedField(form, name));
}

/** Resolves to {@link onlyFormField}, and leaves the event loop its turns: nobody has verified the form yet. */
export async function onlyFormFieldInTurns(form: Buffer, name: string): Promise<Buffer> {
  const decoded: Buffer[] = [];
  let rest = Buffer.alloc(0);
  await inPieces(encodedField(form, name), (piece) => {
    const encoded = Buffer.concat([rest, piece]);
    const percent = encoded.lastIndexOf('%');
    // An escape of three bytes may go on in the next piece.
    const end = percent >= 0 && percent > encoded.length - 3 ? percent : encoded.length;
    decoded.push(decode(encoded.subarray(0, end)));
    rest = encoded.subarray(end);
  });
  return Buffer.concat([...decoded, decode(rest)]);
}

function encodedField(form: Buffer, name: string): Buffer {
  const prefix = Buffer.from(`${name}=`);
  if (!form.subarray(0, prefix.length).equals(prefix) || form.includes('&')) {
    throw new MalformedPayload(`the form must hold the field "${name}" and nothing else`);
  }
  return form.subarray(prefix.length);
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

/** What each byte is as a hexadecimal digit, -1 for all others: a form may hold millions of them. */
const DIGITS = Int8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase()),
);

function hexDigit(byte: number | undefined): number {
  const digit = byte === undefined ? -1 : (DIGITS[byte] ?? -1);
  if (digit < 0) throw new MalformedPayload('the form holds a broken percent escape');
  return digit;
}

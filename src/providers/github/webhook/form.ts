import { MalformedPayload } from '../../webhook-scheme.js';

const PLUS = '+'.charCodeAt(0);
const PERCENT = '%'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);

/**
 * Returns the bytes of a URL-encoded form's only field. Throws {@link MalformedPayload} for any other form: the
 * content type is not signed, so whoever gets hold of a JSON body that contains `&payload=…`, and of its signature,
 * could send it as a form.
 */
export function onlyFormField(form: Buffer, name: string): Buffer {
  const prefix = Buffer.from(`${name}=`);
  if (!form.subarray(0, prefix.length).equals(prefix) || form.includes('&')) {
    throw new MalformedPayload(`the form must hold the field "${name}" and nothing else`);
  }
  return decode(form.subarray(prefix.length));
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

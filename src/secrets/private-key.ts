import { createPrivateKey } from 'node:crypto';

/** Returns an RSA private key in PEM form, where its line breaks may be written `\n`; undefined if the text is none. */
export function readPrivateKey(pem: string): string | undefined {
  const text = pem.replaceAll('\\n', '\n');
  try {
    if (createPrivateKey(text).asymmetricKeyType === 'rsa') return text;
  } catch {
    // The library's message could quote the key.
  }
  return undefined;
}

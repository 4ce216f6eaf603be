import { createPrivateKey } from 'node:crypto';

/** Follows the name of the option that holds it. */
export const NO_PRIVATE_KEY = "is not an RSA private key in PEM form: download one on the app's settings page";

/** Returns an app's key in PEM form, where its line breaks may be written `\n`; undefined if it is not an RSA key. */
export function readPrivateKey(pem: string): string | undefined {
  const text = pem.replaceAll('\\n', '\n');
  try {
    if (createPrivateKey(text).asymmetricKeyType === 'rsa') return text;
  } catch {
    // The library's message could quote the key.
  }
  return undefined;
}

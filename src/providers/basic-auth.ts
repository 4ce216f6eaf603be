import type { Secret } from '../secrets/secret.js';
import { anySecret, isSameInHeader } from './constant-time.js';
import type { SourceHeaders, WebhookScheme } from './webhook-scheme.js';

/** Canonical base64, with no blank and no other alphabet. */
const BASIC = /^Basic ([A-Za-z0-9+/]+={0,2})$/i;

/** Verifies Basic credentials (RFC 7617), of which the secrets are the passwords. They say nothing about the body. */
export function basicAuth({
  username,
  secrets,
}: {
  username: string;
  secrets: readonly Secret[];
}): Pick<WebhookScheme, 'isSigned' | 'verifyHeaders' | 'verify'> {
  const encodedIn = ({ authorization = '' }: SourceHeaders) => BASIC.exec(authorization)?.[1];
  const verifyHeaders = (headers: SourceHeaders) => {
    const encoded = encodedIn(headers);
    if (encoded === undefined) return false;
    const given = Buffer.from(encoded, 'base64');
    // One value has one form: what decodes to it otherwise is not what was configured.
    if (given.toString('base64') !== encoded) return false;
    return anySecret(secrets, (secret) => isSameInHeader(given.toString('latin1'), `${username}:${secret}`));
  };
  return {
    isSigned: (headers) => encodedIn(headers) !== undefined,
    verifyHeaders,
    verify: async ({ headers }) => verifyHeaders(headers),
  };
}

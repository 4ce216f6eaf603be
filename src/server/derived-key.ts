import { createHmac } from 'node:crypto';
import { Secret, type SecretValues } from '../secrets/secret.js';

/** Returns a key for one purpose: what is signed with it counts for no other. */
export function derivedKey(secret: Secret, purpose: string): Secret {
  const derive = (value: string) => createHmac('sha256', value).update(purpose).digest('base64url');
  return new Secret(() => {
    const [first, ...replaced] = secret.revealAll();
    return [derive(first), ...replaced.map(derive)] satisfies SecretValues;
  });
}

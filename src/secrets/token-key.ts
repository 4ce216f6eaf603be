import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readPrivateKey } from './private-key.js';
import { ruleOf, type SecretRule, usable } from './secret-rule.js';

/** In bits. Shorter ones are refused by relying parties. */
const BITS = 2048;
const MAKE_ONE = `make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:${BITS}`;

/** A key that ID tokens are signed with. RSA, since RS256 is the one algorithm that every relying party of OpenID Connect takes. */
export const tokenKey: SecretRule = {
  ...ruleOf((text) => {
    const key = readPrivateKey(text);
    if (key === undefined) return { problem: `is not an RSA private key in PEM form: ${MAKE_ONE}` };
    const { modulusLength = 0 } = createPrivateKey(key).asymmetricKeyDetails ?? {};
    return modulusLength < BITS ? { problem: `is an RSA key of fewer than ${BITS} bits: ${MAKE_ONE}` } : usable(key);
  }),
  make: () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: BITS });
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trimEnd();
  },
};

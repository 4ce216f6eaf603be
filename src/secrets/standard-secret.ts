import { randomBytes } from 'node:crypto';
import { chosenToken, SIGNING_BYTES } from './secret-kinds.js';
import { type Check, filledIn, oneLine, ruleOf, type SecretRule, usable, withoutBlanks } from './secret-rule.js';

/** `v1,` is what some dashboards put before it, as before a signature. */
const BEGINNING = /^(?:v1,)?whsec_/;
const IN_WORDS = `"whsec_" and the base64 of ${SIGNING_BYTES} bytes or more`;
/** Of an Ed25519 key's 32 bytes. */
const PUBLIC_KEY = /^(?:v1a,)?whpk_([A-Za-z0-9+/]{43}=)$/;

/** Returns the secret in the one form that every library reads. */
const inUsualForm: Check = (text) => {
  const key = text.replace(BEGINNING, '');
  if (/^wh[a-z]+_/.test(key) || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(key))
    return { problem: `is not a secret of Standard Webhooks: ${IN_WORDS}` };
  const bytes = Buffer.from(key, 'base64');
  return bytes.length < SIGNING_BYTES
    ? { problem: `is a key of fewer than ${SIGNING_BYTES} bytes, and could be guessed: give ${IN_WORDS}` }
    : usable(`whsec_${bytes.toString('base64')}`);
};

const publicKeyOr =
  (otherwise: Check): Check =>
  (text) => {
    if (!/^(?:v1a,)?whpk_/.test(text)) return otherwise(text);
    const key = PUBLIC_KEY.exec(text)?.[1];
    return key === undefined
      ? { problem: 'is not a public key of Standard Webhooks: "whpk_" and the base64 of 32 bytes' }
      : usable(`whpk_${key}`);
  };

const make = () => `whsec_${randomBytes(32).toString('base64')}`;

/** A secret of Standard Webhooks. Source: https://github.com/standard-webhooks/standard-webhooks (spec, "Secrets") */
export const signingSecret: SecretRule = { ...ruleOf(oneLine, filledIn, withoutBlanks, inUsualForm), make };

/** What verifies Standard Webhooks: a secret, or the sender's public key. */
export const verifyingSecret: SecretRule = {
  ...ruleOf(oneLine, filledIn, withoutBlanks, publicKeyOr(inUsualForm)),
  make,
};

/** GitLab's: a signing token where it begins as one, else the older secret token. */
export const gitlabSecret: SecretRule = {
  ...chosenToken,
  judge: (text) => gitlabKind(text).judge(text),
  // Beside a signing token, the receiver takes no secret token.
  makeLike: (before) => gitlabKind(before).make(),
};

function gitlabKind(text: string): SecretRule {
  return BEGINNING.test(text.trim()) ? signingSecret : chosenToken;
}

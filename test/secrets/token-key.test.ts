import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { tokenKey } from '../../src/secrets/token-key.js';

const pemOf = (modulusLength: number, type: 'pkcs1' | 'pkcs8' = 'pkcs8') =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type, format: 'pem' }).toString();

test('a made key can be used, and so can those that openssl writes, also on one line', () => {
  const made = tokenKey.make();
  expect(tokenKey.judge(made)).toEqual({ text: made, warnings: [] });
  const older = pemOf(2048, 'pkcs1');
  expect(tokenKey.judge(older)).toEqual({ text: older, warnings: [] });
  expect(tokenKey.judge(made.replaceAll('\n', '\\n'))).toEqual({ text: made, warnings: [] });
});

const { privateKey: elliptic, publicKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

test.each([
  ['too short a key', pemOf(1024), /fewer than 2048 bits/],
  ['a key of another kind', elliptic, /not an RSA private key/],
  ['a public key', publicKey, /not an RSA private key/],
  ['a text', 'hunter2-hunter2', /not an RSA private key/],
])('%s is refused, without being repeated', (_, text, why) => {
  const judged = tokenKey.judge(text);
  expect(judged).toMatchObject({ problem: expect.stringMatching(why) });
  expect(JSON.stringify(judged)).not.toContain(text.slice(0, 60).split('\n').at(-1));
});

import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createVerify } from '../../../src/providers/github/webhook/verify.js';
import { Secret, type SecretValues } from '../../../src/secrets/secret.js';

const body = Buffer.from('{}');
const signedBy = (secret: string) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

test('a secret of GitHub that is rotated counts from then on, beside those before it for as long as they do', async () => {
  let values: SecretValues = ['first'];
  const verify = createVerify([new Secret('fixed'), new Secret(() => values)]);
  const accepted = async () => {
    const all = ['fixed', 'first', 'second', 'third', ''];
    const verified = await Promise.all(all.map((secret) => verify({ headers: signedBy(secret), body, text: '{}' })));
    return all.filter((_, at) => verified[at]);
  };
  expect(await accepted()).toEqual(['fixed', 'first']);
  values = ['second', 'first'];
  expect(await accepted()).toEqual(['fixed', 'first', 'second']);
  values = ['third', 'second'];
  expect(await accepted()).toEqual(['fixed', 'second', 'third']);
  values = ['third'];
  expect(await accepted()).toEqual(['fixed', 'third']);
  values = ['second'];
  expect(await accepted()).toEqual(['fixed', 'second']);
});

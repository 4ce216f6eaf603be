import { expect, test } from 'vitest';
import { bucketProblems } from '../../src/config/bucket-problems.js';
import { configSchema } from '../../src/config/schema.js';
import { NeededSecret } from '../../src/secrets/reference.js';
import { Secret } from '../../src/secrets/secret.js';

const sources = { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } };
const keys = { accessKeyId: { env: 'ID' }, secretAccessKey: { env: 'KEY' } };
const parse = (s3: object) => configSchema.safeParse({ sources, storage: { s3 } });

test('without configuration there is no bucket', () => {
  expect(configSchema.parse({ sources }).storage).toEqual({});
});

test('a bucket needs no more than its name, and its keys are secrets', () => {
  expect(parse({ bucket: 'acme-ci' }).data?.storage.s3).toEqual({
    ...{ bucket: 'acme-ci', region: 'us-east-1', prefix: 'hookyard' },
  });
  const { s3 } = parse({ bucket: 'acme-ci', ...keys }).data?.storage ?? {};
  expect([s3?.accessKeyId, s3?.secretAccessKey]).toEqual([expect.any(NeededSecret), expect.any(NeededSecret)]);
});

test.each([
  ['a name that no bucket has', { bucket: 'Acme_CI' }],
  ['one key without the other', { bucket: 'acme-ci', accessKeyId: { env: 'ID' } }],
  ['a session token without keys', { bucket: 'acme-ci', sessionToken: { env: 'TOKEN' } }],
  ['a secret that is written out', { bucket: 'acme-ci', ...keys, secretAccessKey: 'abc' }],
  ['an address with a password in it', { bucket: 'acme-ci', endpoint: 'https://me:pass@s3.example.com' }],
  ['an address that is none of the web', { bucket: 'acme-ci', endpoint: 's3://acme-ci' }],
  ['a prefix that leads elsewhere', { bucket: 'acme-ci', prefix: '/a//b' }],
  ['an option that is none', { bucket: 'acme-ci', keyId: 'x' }],
])('%s is refused', (_, s3) => {
  expect(parse(s3).success).toBe(false);
});

test('a key that is named and not set is refused by its name: no other credentials are taken for it', () => {
  const bucket = { bucket: 'acme-ci', region: 'us-east-1', prefix: 'hookyard' };
  const optional = { accessKeyId: { env: 'ID', optional: true }, secretAccessKey: { env: 'KEY', optional: true } };
  const asked = configSchema.parse({ sources, storage: { s3: { ...bucket, ...optional } } });
  const problems = (found: object, known: string[] = []) =>
    bucketProblems(asked, { storage: { s3: { ...bucket, ...found } } }, known).map((line) => line.split(':')[0]);
  expect(problems({})).toEqual(['storage.s3.accessKeyId', 'storage.s3.secretAccessKey']);
  expect(problems({ accessKeyId: new Secret('AKIA0123456789') })).toEqual(['storage.s3.secretAccessKey']);
  expect(problems({}, ['storage.s3.accessKeyId: the variable ID is not set'])).toEqual(['storage.s3.secretAccessKey']);
  const token = configSchema.parse({
    ...{ sources, storage: { s3: { ...bucket, ...keys, sessionToken: { env: 'TOKEN', optional: true } } } },
  });
  const found = { accessKeyId: new Secret('AKIA0123456789'), secretAccessKey: new Secret('0123456789') };
  expect(bucketProblems(token, { storage: { s3: { ...bucket, ...found } } }, [])).toEqual([
    'storage.s3.sessionToken: it is named and not set; set it, or leave it out where the keys count for good',
  ]);
  const none = configSchema.parse({ sources, storage: { s3: bucket } });
  expect(bucketProblems(none, { storage: { s3: bucket } }, [])).toEqual([]);
});

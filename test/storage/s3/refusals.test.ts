import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { commandSecret } from '../../../src/secrets/command-secret.js';
import { Secret } from '../../../src/secrets/secret.js';
import { apiToken } from '../../../src/secrets/secret-kinds.js';
import { openBucket } from '../../../src/storage/s3/bucket.js';
import { checkBucket } from '../../../src/storage/s3/check.js';
import { objectsOf } from '../../../src/storage/s3/objects.js';
import type { S3Settings } from '../../../src/storage/s3/settings.js';
import { type Between, startBetween } from '../../support/between.js';
import { closers } from '../../support/harness/closers.js';
import { freeAddress } from '../../support/harness/free-address.js';
import { ACCESS_KEY_ID, type S3Server, SECRET_ACCESS_KEY, startS3Server } from '../../support/s3-server.js';

const open = closers();
let server: S3Server;
let between: Between;

beforeAll(async () => {
  server = open.add(await startS3Server());
  between = open.add(await startBetween(server.url));
}, 400_000);
afterAll(() => open.close());
beforeEach(() => {
  between.meddle = () => undefined;
});

const check = (settings: Partial<S3Settings> = {}) =>
  checkBucket(openBucket(server.settings({ endpoint: between.url, ...settings })));
const refuse = (code: string, status = 403) => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>AWS ${SECRET_ACCESS_KEY} ${ACCESS_KEY_ID}</Message></Error>`,
});
/** Returns what does not work, without the bucket's name, and makes sure that it quotes no secret. */
async function lacking(settings: Partial<S3Settings> = {}): Promise<readonly string[]> {
  const { lacks } = await check(settings);
  const all = JSON.stringify(lacks);
  for (const secret of [SECRET_ACCESS_KEY, ACCESS_KEY_ID]) expect(all).not.toContain(secret);
  for (const { advice } of lacks) expect(advice).toBeTruthy();
  return lacks.map(({ says }) => says.replace(/^the bucket [\w-]+ at http:[\w.:/]+?: /, ''));
}

test('a bucket with all that is needed: all is tried, and nothing is left there', async () => {
  const before = await server.keys();
  expect(await check()).toEqual({ works: ['list', 'write', 'read', 'write in parts', 'remove'], lacks: [] });
  expect(await server.keys()).toEqual(before);
  expect(await server.uploads()).toBe(0);
});

test('a bucket that is not there', async () => {
  expect(await lacking({ bucket: 'another' })).toEqual(['there is no such bucket']);
});

test('keys that the service does not know, and a secret that is not theirs', async () => {
  expect(await lacking({ accessKeyId: new Secret('AKIAOTHER') })).toEqual(['the service knows no such access key']);
  expect(await lacking({ secretAccessKey: new Secret('another') })).toEqual([
    'the secret access key is not that of the access key',
  ]);
  expect(await lacking({ secretAccessKey: undefined })).toEqual([
    'storage.s3.secretAccessKey is not set, and the other one is',
  ]);
});

test('a secret key that a command prints is taken when it is needed, and what keeps it from that is told', async () => {
  const printed = (text: string) =>
    commandSecret({ command: ['printf', '%s', text] }, { rule: apiToken, option: 'storage.s3.secretAccessKey' }).secret;
  expect((await check({ secretAccessKey: printed(SECRET_ACCESS_KEY) })).lacks).toEqual([]);
  expect(await lacking({ secretAccessKey: printed('') })).toEqual([
    expect.stringMatching(/^storage\.s3\.secretAccessKey: /),
  ]);
});

test('nobody who listens, and who does not answer in the words of S3', async () => {
  expect(await lacking({ endpoint: (await freeAddress()).url })).toEqual(['it does not answer: ECONNREFUSED']);
  between.meddle = () => ({ status: 200, body: '<!doctype html><p>Welcome' });
  expect(await lacking()).toEqual(['what answers is no S3 service']);
});

test.each([
  ['RequestTimeTooSkewed', "this machine's clock and the service's differ by too much"],
  ['ExpiredToken', 'the credentials have expired'],
  ['AuthorizationHeaderMalformed', 'it is in another region'],
  ['SomethingNew', 'the service refuses the credentials'],
  [`Quotes ${SECRET_ACCESS_KEY}`, 'the service refuses the credentials'],
])('the service says %s', async (code, words) => {
  between.meddle = () => refuse(code);
  expect(await lacking()).toEqual([words]);
});

test('each right that the credentials lack is named, and what they may is tried all the same', async () => {
  between.meddle = (request) =>
    /^(?:DELETE \S+doctor-[\w-]+\?x-id|GET \S+list-type)/.test(request) ? refuse('AccessDenied') : undefined;
  expect(await check()).toMatchObject({
    works: ['write', 'read', 'write in parts'],
    lacks: [
      { says: expect.stringContaining('may not list'), advice: expect.stringContaining('s3:ListBucket') },
      { says: expect.stringContaining('may not remove'), advice: expect.stringContaining('s3:DeleteObject') },
    ],
  });
});

test('what was written is removed also where it can not be tried to the end', async () => {
  const before = await server.keys();
  between.meddle = (request) => (/^GET \S+doctor-/.test(request) ? refuse('SomethingNew') : undefined);
  expect(await lacking()).toEqual(['the service refuses the credentials']);
  expect(await server.keys()).toEqual(before);
});

test('a process that ends is not held up by a bucket that does not answer', async () => {
  between.meddle = () => 'hang';
  const ending = new AbortController();
  const listed = objectsOf(openBucket(server.settings({ endpoint: between.url }), ending.signal), 'any').next();
  setTimeout(() => ending.abort(new Error('it ends')), 50);
  await expect(listed).rejects.toThrow('it ends');
});

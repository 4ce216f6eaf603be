import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  type ApprovalClaims,
  createApprovalToken,
  createCallbackToken,
  readApprovalToken,
  readCallbackToken,
} from '../src/callback-token.js';
import { Secret } from '../src/secrets/secret.js';

const key = new Secret('k'.repeat(43));
const NOW = 1_800_000_000_000;
const claims = {
  workflowId: 'ci/github/6f1c…/ünï',
  signal: 'hookyard-build-1',
  id: 'ci/1/deploy',
  expiresAt: NOW + 60_000,
};

test('a token gives back what went into it, and is safe in a path', () => {
  const token = createCallbackToken(key, claims);
  expect(token).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);
  expect(readCallbackToken(key, token, NOW)).toEqual(claims);
});

test('the same claims give the same token', () => {
  expect(createCallbackToken(key, { ...claims })).toBe(createCallbackToken(key, claims));
});

test('a token of the key before is good for as long as that key counts', () => {
  const token = createCallbackToken(key, claims);
  const rotated = new Secret(() => ['n'.repeat(43), key.reveal()]);
  expect(readCallbackToken(rotated, token, NOW)).toEqual(claims);
  expect(readCallbackToken(key, createCallbackToken(rotated, claims), NOW)).toBeUndefined();
  expect(readCallbackToken(new Secret('n'.repeat(43)), token, NOW)).toBeUndefined();
});

test('a token ends at its time', () => {
  const token = createCallbackToken(key, claims);
  expect(readCallbackToken(key, token, claims.expiresAt - 1)).toEqual(claims);
  expect(readCallbackToken(key, token, claims.expiresAt)).toBeUndefined();
});

test('another key does not read it', () => {
  const token = createCallbackToken(key, claims);
  expect(readCallbackToken(new Secret('l'.repeat(43)), token, NOW)).toBeUndefined();
});

test('no character can be changed, dropped or doubled', () => {
  const token = createCallbackToken(key, claims);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/=% \n';
  for (let i = 0; i < token.length; i += 1) {
    const [before, after] = [token.slice(0, i), token.slice(i + 1)];
    for (const other of alphabet) {
      if (other !== token[i]) expect(readCallbackToken(key, before + other + after, NOW)).toBeUndefined();
    }
    expect(readCallbackToken(key, before + after, NOW)).toBeUndefined();
    expect(readCallbackToken(key, before + token[i] + token[i] + after, NOW)).toBeUndefined();
  }
});

test.each(['', '.', 'a.b', '..', 'é'.repeat(50), `${'a'.repeat(3000)}.${'b'.repeat(43)}`])(
  'what is no token is not read: %j',
  (text) => {
    expect(readCallbackToken(key, text, NOW)).toBeUndefined();
  },
);

test('claims that are signed but incomplete are not read', () => {
  const payload = Buffer.from(JSON.stringify({ ...claims, signal: undefined })).toString('base64url');
  const signature = createHmac('sha256', key.reveal()).update(payload).digest('base64url');
  expect(readCallbackToken(key, `${payload}.${signature}`, NOW)).toBeUndefined();
});

test('claims that make a token longer than 2 kB are refused when it is made', () => {
  expect(() => createCallbackToken(key, { ...claims, id: 'x'.repeat(2000) })).toThrow(
    new RangeError('workflow id and names are too long for a signed URL'),
  );
});

test('a token of exactly 2 kB is made and read, and a longer one that is signed is not read', () => {
  const signed = (payload: string) =>
    `${payload}.${createHmac('sha256', key.reveal()).update(payload).digest('base64url')}`;
  const ofLength = (id: string) => Buffer.from(JSON.stringify({ ...claims, id })).toString('base64url');
  const ids = Array.from({ length: 2_000 }, (_, n) => 'x'.repeat(n));
  const longest = ids.findLast((id) => signed(ofLength(id)).length <= 2_048) ?? '';
  expect(signed(ofLength(longest))).toHaveLength(2_048);
  expect(readCallbackToken(key, createCallbackToken(key, { ...claims, id: longest }), NOW)?.id).toBe(longest);
  expect(readCallbackToken(key, signed(ofLength(`${longest}x`)), NOW)).toBeUndefined();
});

const approval: ApprovalClaims = {
  run: 'deploy/github/6f1c',
  approval: 'production',
  nth: 2,
  person: { login: 'anna', id: '17' },
  sha: 'a'.repeat(40),
  link: 'one-of-three',
  expiresAt: NOW + 60_000,
};

test.each([
  ['of a commit', approval],
  ['of a run without one', { ...approval, sha: undefined }],
  ['of a person without an id', { ...approval, person: { login: 'anna' } }],
])("an approval's token gives back what went into it, and nothing that came along: %s", (_, claims) => {
  const token = createApprovalToken(key, {
    ...claims,
    person: { ...claims.person, mail: 'a@b.example' },
  } as ApprovalClaims);
  expect(readApprovalToken(key, token, NOW)).toEqual(JSON.parse(JSON.stringify(claims)));
});

test("an approval's token ends at its time, and with its key", () => {
  const token = createApprovalToken(key, approval);
  expect(readApprovalToken(key, token, approval.expiresAt - 1)).toEqual(approval);
  expect(readApprovalToken(key, token, approval.expiresAt)).toBeUndefined();
  expect(readApprovalToken(new Secret('l'.repeat(43)), token, NOW)).toBeUndefined();
});

test('a token of one kind is not read as one of the other', () => {
  expect(readApprovalToken(key, createCallbackToken(key, claims), NOW)).toBeUndefined();
  expect(readCallbackToken(key, createApprovalToken(key, approval), NOW)).toBeUndefined();
});

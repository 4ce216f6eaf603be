import { afterEach, beforeEach, expect, test } from 'vitest';
import { signToken } from '../../src/identity/sign.js';
import { createTokenKeys } from '../../src/identity/token-keys.js';
import { Secret, type SecretValues } from '../../src/secrets/secret.js';
import { tokenKey } from '../../src/secrets/token-key.js';
import { closers } from '../support/harness/closers.js';
import { freeAddress } from '../support/harness/free-address.js';
import { startReceiver } from '../support/harness/receiver.js';
import { type RelyingParty, startRelyingParty } from '../support/relying-party.js';

const AUDIENCE = 'sts.example.com';
const SUBJECT = 'source:github:repository:acme/app:ref:refs/heads/main:automation:deploy';
const [FIRST, SECOND, STRANGERS] = [tokenKey.make(), tokenKey.make(), tokenKey.make()];

const { add, close } = closers();
let values: SecretValues;
let issuer: string;
let relying: RelyingParty;
beforeEach(async () => {
  const { url, port } = await freeAddress();
  values = [FIRST];
  issuer = `${url}/hooks`;
  const idTokenKeys = [new Secret(() => values)];
  add(await startReceiver({ port, config: { publicUrl: issuer, idTokenKeys, signIn: { loopback: 'required' } } }));
  relying = add(await startRelyingParty({ issuer, audience: AUDIENCE }));
});
afterEach(close);

function sign({ pem = FIRST, audience = AUDIENCE, url = issuer, now = Date.now() } = {}): Promise<string> {
  const keys = createTokenKeys([new Secret(pem)]);
  return signToken({ url, keys }, { audience, lifetimeMs: 600_000, subject: SUBJECT, claims: { job: 'x' } }, now);
}

test('a relying party accepts a token by discovery, without a sign-in', async () => {
  const now = Math.floor(Date.now() / 1_000);
  const claims = await relying.judge(await sign());
  expect(claims).toMatchObject({ iss: issuer, sub: SUBJECT, aud: AUDIENCE, job: 'x' });
  const { iat = 0, nbf = 0, exp = 0 } = claims as { iat?: number; nbf?: number; exp?: number };
  expect(iat).toBeGreaterThanOrEqual(now);
  expect([nbf - iat, exp - iat]).toEqual([-60, 600]);
});

test('each token has a name of its own', async () => {
  const [one, other] = [await relying.judge(await sign()), await relying.judge(await sign())];
  expect(one).toHaveProperty('jti');
  expect((one as { jti: string }).jti).not.toBe((other as { jti: string }).jti);
});

test('a relying party refuses what was altered, is for others, of others, too old or not begun', async () => {
  const token = await sign();
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const other = Buffer.from(JSON.stringify({ ...claims, sub: SUBJECT.replace('main', 'prod') })).toString('base64url');
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  expect(await relying.judge(`${header}.${other}.${signature}`)).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  expect(await relying.judge(`${none}.${payload}.`)).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
  expect(await relying.judge(await sign({ audience: 'others.example.com' }))).toBe(
    'ERR_JWT_CLAIM_VALIDATION_FAILED aud',
  );
  expect(await relying.judge(await sign({ url: 'https://others.example' }))).toBe(
    'ERR_JWT_CLAIM_VALIDATION_FAILED iss',
  );
  expect(await relying.judge(await sign({ pem: STRANGERS }))).toBe('ERR_JWKS_NO_MATCHING_KEY');
  expect(await relying.judge(token, new Date(Date.now() + 601_000))).toBe('ERR_JWT_EXPIRED exp');
  expect(await relying.judge(token, new Date(Date.now() - 120_000))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED nbf');
});

test('tokens of a key that was replaced are accepted as long as it is published, and those of the new one at once', async () => {
  const old = await sign();
  expect(await relying.judge(old)).toMatchObject({ sub: SUBJECT });
  values = [SECOND, FIRST];
  expect(await relying.judge(await sign({ pem: SECOND }))).toMatchObject({ sub: SUBJECT });
  expect(await relying.judge(old)).toMatchObject({ sub: SUBJECT });
  values = [SECOND];
  const later = add(await startRelyingParty({ issuer, audience: AUDIENCE }));
  expect(await later.judge(old)).toBe('ERR_JWKS_NO_MATCHING_KEY');
});

test('both documents are found with the path of the public address and without it, may be kept for a while, and hold nothing private', async () => {
  const root = issuer.replace('/hooks', '');
  for (const base of [issuer, root])
    for (const path of ['openid-configuration', 'jwks']) {
      const response = await fetch(`${base}/.well-known/${path}`);
      const text = await response.text();
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
      expect(response.headers.get('cache-control')).toBe('public, max-age=300');
      expect(text).not.toMatch(/"(?:d|p|q|dp|dq|qi)":|PRIVATE/);
    }
  const document = await (await fetch(`${root}/.well-known/openid-configuration`)).json();
  expect(document).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks` });
});

test('a receiver that issues no tokens has neither document', async () => {
  const plain = add(await startReceiver({ config: { publicUrl: 'https://hooks.example' } }));
  for (const path of ['openid-configuration', 'jwks'])
    expect((await fetch(`${plain.url}/.well-known/${path}`)).status).toBe(404);
});

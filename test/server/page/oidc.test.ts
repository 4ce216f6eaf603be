import { afterEach, beforeEach, expect, test } from 'vitest';
import { rememberConfigured } from '../../../src/secrets/known-secrets.js';
import { freeAddress } from '../../support/harness/free-address.js';
import { startServer } from '../../support/harness/http-server.js';
import { type Receiver, startReceiver } from '../../support/harness/receiver.js';
import { CLIENT_SECRET } from '../../support/harness/receiver-config.js';
import { CLIENT, type OidcProvider, startOidcProvider } from './oidc-provider.js';

const PUBLIC_URL = 'http://hooks.example/hooks';

let provider: OidcProvider;
let receiver: Receiver;

beforeEach(async () => {
  provider = await startOidcProvider(CLIENT_SECRET, `${PUBLIC_URL}/sign-in/oidc/back`);
  receiver = await start();
});
afterEach(async () => {
  await receiver.close();
  await provider.close();
});

const start = (change: object = {}) =>
  startReceiver({
    config: {
      publicUrl: PUBLIC_URL,
      signIn: {
        oidc: {
          ...{ issuer: provider.url, clientId: CLIENT, clientSecret: { env: 'SECRET' }, claim: 'groups' },
          ...{ operators: ['platform'], viewers: ['shop'], ...change },
        },
      },
    },
  });

const get = (address: string, cookie = '') =>
  fetch(address, { redirect: 'manual', headers: { accept: 'text/html', cookie } });
const cookieIn = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
/** Where the browser goes, as it is reached here. */
const here = (answer: Response) => String(answer.headers.get('location')).replace(PUBLIC_URL, receiver.url);

/** Goes the whole way, as a browser does. `tamper`: changes what the provider sends back. */
async function signIn(tamper: (address: string) => string = (address) => address) {
  const begun = await get(`${receiver.url}/sign-in/oidc?to=/deliveries%3Fstate%3Dfailed`);
  const kept = cookieIn(begun);
  const back = begun.status === 303 ? await get(here(begun)) : begun;
  return { begun, kept, back: await get(tamper(here(back)), kept), address: here(back) };
}

test('an operator signs in by a group of theirs, and comes back to where they wanted to', async () => {
  provider.claims = { email: 'anna@example.com', email_verified: true, groups: ['staff', 'platform'] };
  const { back, begun } = await signIn();
  expect(begun.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax; Max-Age=600$/);
  expect(back.status).toBe(303);
  expect(back.headers.get('location')).toBe('/hooks/deliveries?state=failed');
  const page = await get(`${receiver.url}/deliveries`, cookieIn(back));
  const html = await page.text();
  expect(html).toContain('anna@example.com');
  expect(html).not.toContain('may look');
});

test('a viewer signs in by what only user info says', async () => {
  provider.claims = {};
  provider.info = { preferred_username: 'ben', groups: ['shop'] };
  const { back } = await signIn();
  expect(back.status).toBe(303);
  const html = await (await get(`${receiver.url}/deliveries`, cookieIn(back))).text();
  expect(html).toContain('ben</bdi><span class="dim"> may look');
});

test('who is in no list is refused by name, and so is an address that nobody has checked', async () => {
  provider.claims = { email: 'eve@example.com', email_verified: true, groups: [] };
  const { back } = await signIn();
  expect(back.status).toBe(403);
  expect(await back.text()).toContain('signed in as eve@example.com, who may not look');
  await receiver.close();
  receiver = await start({ claim: 'email', operators: ['anna@example.com'] });
  provider.claims = { email: 'anna@example.com', email_verified: false };
  expect((await signIn()).back.status).toBe(403);
  provider.claims = { email: 'anna@example.com', email_verified: true };
  expect((await signIn()).back.status).toBe(303);
});

test.each([
  ['that is verified', { email_verified: true }, {}, 303],
  ['that is verified, in words', { email_verified: 'true' }, {}, 303],
  ['that user info verifies', {}, { email: 'anna@example.com', email_verified: true }, 303],
  ['that is not verified', { email_verified: false }, {}, 403],
  ['that is not verified, in words', { email_verified: 'false' }, {}, 403],
  ['of which nothing is said', {}, {}, 403],
  ['that user info says is not verified', {}, { email_verified: 'false' }, 403],
])('an address %s counts so', async (_, claims, info, status) => {
  await receiver.close();
  receiver = await start({ claim: 'email', operators: ['anna@example.com'] });
  provider.claims = { email: 'anna@example.com', ...claims };
  provider.info = info;
  expect((await signIn()).back.status).toBe(status);
});

test.each([
  ['is in no group', { claim: 'groups' }, { preferred_username: 'cleo' }, 'cleo'],
  ['is in groups of no name here', { claim: 'groups' }, { preferred_username: 'cleo', groups: ['x'] }, 'cleo'],
  ['has an address that nobody has checked', { claim: 'email' }, { email: 'boss@example.com' }, 'u1'],
])('where everybody may look, so may who %s, and no more', async (_, claim, claims, who) => {
  await receiver.close();
  receiver = await start({ ...claim, operators: ['platform', 'boss@example.com'], viewers: ['*'] });
  provider.claims = claims;
  const { back } = await signIn();
  expect(back.status).toBe(303);
  const html = await (await get(`${receiver.url}/deliveries`, cookieIn(back))).text();
  expect(html).toContain(`${who}</bdi><span class="dim"> may look`);
});

test.each([
  ['an address that nobody has checked', { email: 'boss@example.com' }],
  ['a name that looks like an address', { preferred_username: 'boss@example.com' }],
  ['an empty address', { email: '', email_verified: true }],
])('who is let in by a group is not called by %s', async (_, claims) => {
  provider.claims = { ...claims, groups: ['platform'] };
  const { back } = await signIn();
  expect(back.status).toBe(303);
  const page = await get(`${receiver.url}/deliveries`, cookieIn(back));
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<bdi>u1</bdi>');
  expect(receiver.kept.lines()).toContainEqual(
    expect.objectContaining({ msg: 'somebody signed in to the page', by: 'u1', subject: 'u1' }),
  );
});

test('a name is one line, without what nobody sees', async () => {
  provider.claims = { preferred_username: 'ann\u202ea\r\n\u001b[31m', groups: ['platform'] };
  const { back } = await signIn();
  expect(await (await get(`${receiver.url}/deliveries`, cookieIn(back))).text()).toContain('<bdi>ann a [31m</bdi>');
});

test('what was begun is taken away once it is done', async () => {
  provider.claims = { groups: ['platform'] };
  const { back } = await signIn();
  expect(back.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^hookyard-session=[^;]+;/),
    expect.stringMatching(/^hookyard-sign-in=;.*Max-Age=0$/),
  ]);
});

test('who was not let in, and why, is in the log', async () => {
  provider.claims = { preferred_username: 'eve', groups: [] };
  await signIn();
  provider.claims = { groups: ['platform'] };
  await signIn((one) => one.replace(/code=[^&]*/, 'code=another'));
  const refused = receiver.kept.lines().filter(({ msg }) => msg === 'sign-in refused');
  expect(refused).toEqual([
    expect.objectContaining({ because: expect.stringContaining('in no list'), who: 'eve' }),
    expect.objectContaining({ why: expect.stringContaining('invalid_grant') }),
  ]);
});

test('a secret that a provider quotes is not in the log, nor half of it where what it says is too long', async () => {
  rememberConfigured([CLIENT_SECRET]);
  provider.refusal = `${'a long '.repeat(30)}${CLIENT_SECRET}`;
  expect((await signIn()).back.status).toBe(502);
  expect(receiver.kept.lines()).toContainEqual(
    expect.objectContaining({
      msg: 'sign-in refused',
      why: expect.stringMatching(/invalid_grant: (a long ){30}\*\*\*$/),
    }),
  );
});

test('what was not begun in this browser, was changed, or was used before signs nobody in', async () => {
  provider.claims = { groups: ['platform'] };
  const { address, kept } = await signIn();
  expect((await get(address, kept)).status).toBe(502);
  expect((await get(address)).status).toBe(400);
  expect((await get(address, `${kept}x`)).status).toBe(400);
  for (const tamper of [
    (one: string) => one.replace(/state=[^&]*/, 'state=another'),
    (one: string) => one.replace(/code=[^&]*/, 'code=another'),
  ]) {
    const { back } = await signIn(tamper);
    expect(back.status).toBe(502);
    expect(back.headers.get('set-cookie')).toBeNull();
  }
});

test.each([
  ['another nonce', { nonce: 'another' }],
  ['another client', { aud: 'another' }],
  ['another issuer', { iss: 'https://evil.example' }],
  ['a time that is over', { exp: 1_000 }],
])('an ID token with %s signs nobody in', async (_, change) => {
  provider.claims = { groups: ['platform'] };
  provider.spoil = (token) => ({ ...token, ...change });
  const { back } = await signIn();
  expect(back.status).toBe(502);
  expect(back.headers.get('set-cookie')).toBeNull();
});

test('a provider that is away is said to be, and asked again the next time', async () => {
  await receiver.close();
  const { url } = await freeAddress();
  receiver = await start({ issuer: url, name: 'Example login' });
  const begun = await get(`${receiver.url}/sign-in/oidc`);
  expect(begun.status).toBe(502);
  expect(await begun.text()).toContain('Example login does not answer');
  expect(receiver.kept.lines()).toContainEqual(
    expect.objectContaining({ msg: 'sign-in refused', why: expect.stringMatching(/ECONNREFUSED|fetch failed/) }),
  );
  expect(await (await get(`${receiver.url}/sign-in`)).text()).toContain('Sign in with Example login');
});

test('a provider that answers with more than a megabyte is not read to its end, and signs nobody in', async () => {
  await receiver.close();
  const endless = await startServer(() => ({
    status: 200,
    body: {
      ...{ issuer: endless.url, authorization_endpoint: `${endless.url}/authorize`, pad: 'x'.repeat(2 * 1024 * 1024) },
      ...{ token_endpoint: `${endless.url}/token`, jwks_uri: `${endless.url}/keys` },
    },
  }));
  try {
    receiver = await start({ issuer: endless.url });
    expect((await get(`${receiver.url}/sign-in/oidc`)).status).toBe(502);
    expect(receiver.kept.lines()).toContainEqual(
      expect.objectContaining({ msg: 'sign-in refused', why: expect.stringContaining('larger than 1 MB') }),
    );
  } finally {
    await endless.close();
  }
});

test('no token and no secret is told to anybody or logged', async () => {
  provider.claims = { groups: ['platform'] };
  const { begun, back } = await signIn();
  const seen = [...begun.headers, ...back.headers, await back.text(), ...receiver.kept.lines()];
  expect(JSON.stringify(seen)).not.toMatch(new RegExp(`canary-access-token|${CLIENT_SECRET}`));
});

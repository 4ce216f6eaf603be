import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeGithub, startFakeGithub } from '../support/fake-github/github.js';
import { deliver } from '../support/harness/delivery.js';
import { uniquePush } from '../support/harness/payloads.js';
import { API_TOKEN, openPlace, type Place } from '../support/harness/place.js';
import { type HookyardProcess, startHookyard } from '../support/harness/process.js';

const TOKEN = 'ghp_canary5550123456';
const SOURCES = `{
  github: {
    kind: 'github',
    secrets: [{ generated: 'github' }],
    api: { url: process.env.GITHUB_API ?? '', token: optionalEnv('GITHUB_TOKEN') },
  },
  shop: { kind: 'hmac', header: 'x-signature', secrets: [env('HOOK_SECRET')], repeatedBody: '10 minutes' },
}`;
const MORE = `endpoints: { partner: { url: 'https://partner.example', secrets: [{ generated: 'partner' }] } }`;

let place: Place;
let github: FakeGithub;
let server: HookyardProcess;
let env: Record<string, string>;
beforeAll(async () => {
  place = await openPlace({ sources: SOURCES, more: MORE });
  github = await startFakeGithub({ token: TOKEN });
  env = { GITHUB_API: github.url, GITHUB_TOKEN: TOKEN, HOOKYARD_PUBLIC_URL: 'https://hooks.example' };
  server = await startHookyard(['server'], { data: place.data, env: { ...place.env, ...env, HOOKYARD_PORT: '0' } });
});
afterAll(async () => {
  await server?.kill('SIGTERM');
  await github?.close();
});

const secretOf = (name: string) => readFileSync(join(place.data, 'secrets', name), 'utf8').trim();
const statusWith = async (secret: string) => (await deliver(server.url, { body: uniquePush(), secret })).status;

test('a rotated secret is taken at once by the server that runs, beside the old one, and given to the webhook', async () => {
  const old = secretOf('github');
  github.hooks.push({
    id: 1,
    active: true,
    events: ['push', 'star'],
    config: { url: 'https://hooks.example/webhooks/github', content_type: 'json', secret: old },
  });
  expect(await statusWith(old)).toBe(202);
  const { code, out, err } = await place.hookyard(['secrets', 'rotate', 'github', '--repository', 'acme/app'], env);
  const fresh = secretOf('github');
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('Rotated   github: sources.github.secrets[0]');
  expect(out).toContain('github acme/app: updated');
  expect(out + err).not.toContain(old);
  expect(out + err).not.toContain(fresh);
  expect(fresh).not.toBe(old);
  expect(github.hooks).toMatchObject([{ events: ['push', 'star'], config: { secret: fresh } }]);
  await expect.poll(() => statusWith(fresh)).toBe(202);
  expect(await statusWith(old)).toBe(202);
  expect(await statusWith('neither-of-the-two-secrets')).toBe(401);
});

test('with --overlap 0 the old one counts no more, and a webhook that can not be reached is told', async () => {
  const old = secretOf('github');
  github.away = true;
  const { code, out } = await place.hookyard(
    ['secrets', 'rotate', 'github', '--overlap', '0', '--repository', 'acme/app', '--json'],
    env,
  );
  github.away = false;
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    name: 'github',
    hooks: [{ done: 'not updated', because: expect.stringContaining('npx hookyard connect github acme/app --force') }],
  });
  expect(JSON.parse(out)).not.toHaveProperty('oldUntil');
  await expect.poll(() => statusWith(old)).toBe(401);
  expect(await statusWith(secretOf('github'))).toBe(202);
});

test('where another secret of the configuration is not set here, it says that the secret was rotated, and what was not done', async () => {
  const old = secretOf('github');
  const { code, out } = await place.hookyard(['secrets', 'rotate', 'github'], { ...env, HOOK_SECRET: '' });
  expect(secretOf('github')).not.toBe(old);
  expect(code).toBe(1);
  expect(out).toContain('Rotated   github: sources.github.secrets[0]');
  expect(out).toMatch(/github \(all\): not updated: .*HOOK_SECRET is not set/s);
  expect(out).toContain('whoever sends to /webhooks/github needs the content of');
});

test('the list says where each secret is and since when, and holds no value', async () => {
  const { code, out } = await place.hookyard(['secrets'], env);
  expect(code).toBe(0);
  expect(out).toMatch(/^sources\.github\.secrets\[0] +generated "github": set; since \d{4}-\d\d-\d\d/m);
  expect(out).toMatch(/^server\.apiToken +environment variable HOOKYARD_API_TOKEN: set$/m);
  expect(out).toMatch(/^endpoints\.partner\.secrets\[0] +generated "partner": set/m);
  for (const value of [API_TOKEN, TOKEN, secretOf('github'), secretOf('partner')]) expect(out).not.toContain(value);
  const listed = await place.hookyard(['secrets', 'list', '--json'], { ...env, HOOK_SECRET: '' });
  expect(JSON.parse(listed.out)).toContainEqual({
    option: 'sources.shop.secrets[0]',
    from: 'environment variable HOOK_SECRET',
    state: 'not set',
    because: 'the environment variable HOOK_SECRET is not set',
  });
});

test.each([
  ['partner', 'the receiver of endpoint partner needs the content of'],
  ['callback-key', 'callback addresses that builds have already are valid until'],
])('after %s was rotated, it says what is left to do', async (name, says) => {
  const { code, out } = await place.hookyard(['secrets', 'rotate', name, '--overlap', '12h'], env);
  expect([code, out]).toEqual([0, expect.stringContaining(says)]);
});

test('what was replaced before and still counts is told, and how it is ended', async () => {
  const first = secretOf('partner');
  await place.hookyard(['secrets', 'rotate', 'partner', '--overlap', '2d'], env);
  const { out } = await place.hookyard(['secrets', 'rotate', 'partner', '--overlap', '0'], env);
  const beside = join(place.data, 'secrets', 'partner.replaced');
  expect(readFileSync(beside, 'utf8')).toContain(first);
  expect(out).toContain('Old one   counts no more');
  expect(out).toMatch(
    /Earlier +those that were replaced before count until \S+Z still; to end all old ones now, delete /,
  );
  expect(out).toContain(beside);
});

test.each([
  [
    'shop',
    'sources.shop.secrets[0] is the environment variable HOOK_SECRET, which Hookyard does not write. To rotate it: give',
  ],
  [
    'HOOKYARD_API_TOKEN',
    'server.apiToken is the environment variable HOOKYARD_API_TOKEN, which Hookyard does not write',
  ],
  ['nothing', 'There is no secret "nothing": those that Hookyard has made are callback-key, github, partner'],
])('%s can not be rotated here, and it says what to do instead', async (name, says) => {
  const { code, err } = await place.hookyard(['secrets', 'rotate', name], env);
  expect([code, err]).toEqual([2, expect.stringContaining(says)]);
});

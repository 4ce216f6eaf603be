import { inspect } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAzureDevopsApi } from '../../../src/providers/azure-devops/api/index.js';
import { hasApiCredentials } from '../../../src/providers/source.js';
import { configOf } from '../../support/harness/config.js';
import { type Answer, type LocalServer, startServer } from '../../support/harness/http-server.js';
import { CLIENT, CLIENT_SECRET, type OauthServer, startOauthServer, TENANT } from '../../support/oauth-server.js';

const me = { authenticatedUser: { id: 'own-id', providerDisplayName: 'hookyard', properties: {} } };

let login: OauthServer;
let azure: LocalServer;
/** What Azure DevOps says to a token that it would take. */
let refusals: Answer[];
beforeEach(async () => {
  refusals = [];
  login = await startOauthServer();
  azure = await startServer(({ headers }) => {
    const isIssued = login.issued.some((token) => headers.authorization === `Bearer ${token}`);
    return refusals.shift() ?? (isIssued ? { status: 200, body: me } : { status: 401 });
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await login.close();
  await azure.close();
});

function sourceApi({ secret = CLIENT_SECRET, tenant = TENANT }: { secret?: string; tenant?: string } = {}) {
  const entra = { tenant, clientId: CLIENT, clientSecret: { env: 'CLIENT' }, authority: `${login.url}/` };
  const config = configOf(
    {
      sources: {
        azure: { kind: 'azure-devops', url: `${azure.url}/acme`, secrets: [{ env: 'HOOK' }], api: { entra } },
      },
    },
    { HOOK: 'x', ...(secret && { CLIENT: secret }) },
  );
  const source = config.sources.azure;
  if (source?.kind !== 'azure-devops') throw new Error('no source');
  return { source, api: createAzureDevopsApi({ name: 'azure', source, log: pino({ enabled: false }) }) };
}

const bearers = () => azure.received.map(({ headers }) => headers.authorization?.replace('Bearer ', ''));

test('an application asks the login for a token, sends it as Bearer, and keeps it', async () => {
  const { api, source } = sourceApi();
  expect(hasApiCredentials(source)).toBe(true);
  expect(await api.account?.()).toEqual({ login: 'hookyard' });
  await api.account?.();
  expect(login.received).toHaveLength(1);
  expect(bearers()).toEqual([login.issued[0], login.issued[0]]);
});

test('requests at the same time share one token', async () => {
  const { api } = sourceApi();
  await Promise.all([api.account?.(), api.account?.(), api.account?.()]);
  expect(login.issued).toHaveLength(1);
});

test('a token is renewed five minutes before it ends', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { api } = sourceApi();
  await api.account?.();
  vi.setSystemTime(Date.now() + (3_599 - 301) * 1000);
  await api.account?.();
  expect(login.issued).toHaveLength(1);
  vi.setSystemTime(Date.now() + 2_000);
  await api.account?.();
  expect(login.issued).toHaveLength(2);
  expect(bearers().at(-1)).toBe(login.issued[1]);
});

test.each([
  ['401', { status: 401 }],
  ['the page to sign in on', { status: 203, body: '<html>Sign in</html>' }],
] as const)('a token that was revoked, which %s says, is fetched anew at once', async (_, refusal) => {
  const { api } = sourceApi();
  await api.account?.();
  refusals.push(refusal);
  expect(await api.account?.()).toEqual({ login: 'hookyard' });
  expect(login.issued).toHaveLength(2);
});

test('an application that Azure DevOps does not know is asked for twice and no more', async () => {
  const { api } = sourceApi();
  refusals.push({ status: 401 }, { status: 401 });
  await expect(api.account?.()).rejects.toMatchObject({ kind: 'not configured', status: 401 });
  expect(azure.received).toHaveLength(2);
});

test.each([
  ['the secret is wrong', { secret: 'canary-wrong-secret' }, 'invalid_client'],
  ['the secret is not set', { secret: '' }, 'sources.azure.api.entra.clientSecret'],
])('where %s, a person is told what to correct, and no secret', async (_, setting, says) => {
  const failed = Promise.resolve().then(() => sourceApi(setting).api.account?.());
  await expect(failed).rejects.toMatchObject({ kind: 'not configured' });
  const error = await failed.catch((reason: unknown) => reason);
  expect(String(error)).toContain(says);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
});

test('what the login answers is told by its numbers', async () => {
  const body = { error: 'invalid_client', error_description: 'AADSTS7000222: canary', error_codes: [7000222] };
  login.insteadOf({ status: 401, body });
  const message = 'sources.azure.api.entra (invalid_client, AADSTS7000222): correct its';
  await expect(sourceApi().api.account?.()).rejects.toMatchObject({
    kind: 'not configured',
    message: expect.stringContaining(message),
  });
});

test('a login that is away is worth another try, and the next one works', async () => {
  const { api } = sourceApi();
  login.insteadOf({ status: 503, headers: { 'retry-after': '7' } });
  await expect(api.account?.()).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: 7_000 });
  expect(await api.account?.()).toEqual({ login: 'hookyard' });
  expect(azure.received).toHaveLength(1);
});

test.each(['not json', {}, { access_token: 'a\nb', expires_in: 60 }, { access_token: 'token' }])(
  'an answer of the login that is no token is an error: %j',
  async (body) => {
    login.insteadOf({ status: 200, body });
    await expect(sourceApi().api.account?.()).rejects.toMatchObject({ name: 'ProviderError' });
    expect(azure.received).toEqual([]);
  },
);

test('git gets the same token, by itself', async () => {
  const { api } = sourceApi();
  const made = await api.repository('Fabrikam/app').gitToken?.();
  expect(made?.isBearer).toBe(true);
  expect(made?.token.reveal()).toBe(login.issued[0]);
});

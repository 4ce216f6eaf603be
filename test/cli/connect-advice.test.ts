import { afterEach, describe, expect, test } from 'vitest';
import type { Api } from '../../src/cli/client/api.js';
import { deliveryFindings } from '../../src/cli/client/doctor/delivery-findings.js';
import { hookFindings } from '../../src/cli/client/doctor/hook-findings.js';
import { privateFindings } from '../../src/cli/client/doctor/private-address-findings.js';
import { connectCommand } from '../../src/cli/client/hooks/connect-command.js';
import { connectHook } from '../../src/cli/client/hooks/connect-hook.js';
import { addressWarnings } from '../../src/cli/client/hooks/hook-address.js';
import { hooksOf } from '../../src/cli/client/hooks/hooks-of.js';
import type { ConfigInput } from '../../src/config/index.js';
import { PROVIDERS } from '../../src/providers/index.js';
import type { GitSource } from '../../src/providers/source.js';
import { configOf } from '../support/harness/config.js';
import { type Answer, type LocalServer, startServer } from '../support/harness/http-server.js';

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Kind = 'gitea' | 'forgejo' | 'gitlab';
const where = { source: 'here', repository: 'acme/app' };

async function configAt(kind: Kind, answer: (asked: string) => Answer | undefined) {
  server = await startServer(({ method, path }) => answer(`${method} ${path}`) ?? { status: 404 });
  const source = { kind, url: server.url, secrets: [{ env: 'HOOK' }], api: { token: { env: 'TOKEN' } } };
  const sources = { here: source } as NonNullable<ConfigInput['sources']>;
  return configOf({ sources }, { HOOK: 'a-webhook-secret', TOKEN: 'canary' });
}

/** The calls of each API about the webhooks of `acme/app`, and what an empty repository says of itself. */
const REPOSITORIES = {
  gitea: { path: '/api/v1/repos/acme/app', test: '/hooks/7/tests', refusal: 404, empty: { empty: true } },
  forgejo: { path: '/api/v1/repos/acme/app', test: '/hooks/7/tests', refusal: 500, empty: { empty: true } },
  gitlab: {
    path: '/api/v4/projects/acme/app',
    test: '/hooks/7/test/push_events',
    refusal: 422,
    empty: { empty_repo: true },
  },
} as const;

describe.each(Object.entries(REPOSITORIES))('connect at %s', (kind, { path, test: testPath, refusal, empty }) => {
  async function connect(repository: object) {
    const hook = {
      id: 7,
      url: 'https://hooks.example/webhooks/here',
      active: true,
      events: ['push'],
      push_events: true,
    };
    const config = await configAt(kind as Kind, (asked) => {
      if (asked === `GET ${path}/hooks`) return { status: 200, body: [] };
      if (asked === `POST ${path}/hooks`) return { status: 201, body: { ...hook, config: { url: hook.url } } };
      if (asked === `POST ${path}${testPath}`) return { status: refusal };
      return asked === `GET ${path}` ? { status: 200, body: repository } : undefined;
    });
    const said: string[] = [];
    const noted: string[] = [];
    const api = async () => ({ url: 'http://here', deliveries: async () => ({ deliveries: [] }) }) as unknown as Api;
    const { test: outcome, done } = await connectHook(
      { config, api, kinds: async () => ['push'], note: (url) => void noted.push(url) },
      { where, url: 'https://hooks.example', say: (word, text) => said.push(`${word}: ${text}`) },
    );
    expect(noted).toEqual(['https://hooks.example/webhooks/here']);
    return { outcome, done, said };
  }

  test('a repository without commits is connected, and its test is told to be without anything to send', async () => {
    const { outcome, done, said } = await connect(empty);
    expect([done, outcome?.kind]).toEqual(['created', 'empty']);
    expect(said.at(-1)).toMatch(/^Empty: acme\/app has no commits yet.*hookyard deliveries --source here$/);
  });

  test.each([{ empty: false, empty_repo: false }, {}])(
    'a test that fails in another repository %j is a failure',
    async (says) => {
      const { outcome, said } = await connect(says);
      expect(outcome?.kind).toBe('refused');
      expect(said.at(-1)).toContain(PROVIDERS[kind as Kind].facts.privateReceivers);
    },
  );
});

test.each([
  ['gitea', "ALLOWED_HOST_LIST of [webhook] in Gitea's app.ini"],
  ['forgejo', "ALLOWED_HOST_LIST of [webhook] in Forgejo's app.ini"],
  ['gogs', 'LOCAL_NETWORK_ALLOWLIST of [security]'],
  ['gitlab', 'local network from webhooks'],
] as const)('the switch of %s for private receivers is named where one is meant', (kind, words) => {
  const { facts } = PROVIDERS[kind];
  expect(addressWarnings('https://10.0.0.7/webhooks/a', facts).join()).toContain(words);
  expect(addressWarnings('https://hooks.example/webhooks/a', facts)).toEqual([]);
  const source = { kind, clone: {} } as GitSource;
  expect(deliveryFindings({ name: 'a', source, server: {} }, [])[0]?.advice).toContain(words);
});

describe('doctor', () => {
  /** What doctor says of the only webhook of a repository. */
  async function findings(hooks: object[], { connect = 'connect it' } = {}) {
    const config = await configAt('gitea', (asked) =>
      asked.endsWith('/hooks')
        ? { status: 200, body: hooks, headers: { 'x-total-count': String(hooks.length) } }
        : undefined,
    );
    const { hooks: api } = await hooksOf(config, where);
    return hookFindings({ hooks: api, where, url: undefined, connect, kinds: ['push'], facts: PROVIDERS.gitea.facts });
  }
  const hookTo = (url: string, more = {}) => ({ id: 7, active: true, events: ['push'], config: { url }, ...more });

  test('a webhook to a private address is warned of, with the switch', async () => {
    const said = await findings([hookTo('http://192.168.1.5:3000/webhooks/here')]);
    expect(said).toContainEqual({
      level: 'warn',
      says: '192.168.1.5 is a private address, to which its server sends nothing by default',
      advice: expect.stringContaining('ALLOWED_HOST_LIST'),
    });
    expect(JSON.stringify(await findings([hookTo('https://hooks.example/webhooks/here')]))).not.toContain('ALLOWED');
  });

  test('an address that is not known is not warned of', () => {
    expect(privateFindings('', PROVIDERS.gitea.facts)).toEqual([]);
    expect(privateFindings('http://localhost:3000/webhooks/here', PROVIDERS.gitea.facts)).toHaveLength(1);
  });

  test('what connects says the address where the configuration does not', async () => {
    const bare = connectCommand(where, {});
    expect(bare).toBe('npx hookyard connect here acme/app --url https://<your host>');
    expect(connectCommand(where, { publicUrl: 'https://hooks.example' })).toBe('npx hookyard connect here acme/app');
    for (const hooks of [[], [hookTo('https://hooks.example/webhooks/here', { active: false, events: [] })]])
      for (const { level, advice } of await findings(hooks, { connect: bare }))
        expect([level, advice]).toEqual(['problem', bare]);
    const source = { kind: 'github', clone: {} } as GitSource;
    const none = deliveryFindings({ name: 'here', source, server: {} }, []);
    expect(none[0]?.advice).toBe('npx hookyard connect here <owner/name> --url https://<your host>');
    const byHand = deliveryFindings(
      { name: 'here', source: { ...source, kind: 'azure-devops' } as GitSource, server: {} },
      [],
    );
    expect(byHand[0]?.advice).toBe('have the service send to /webhooks/here');
  });
});

import { afterEach, expect, test } from 'vitest';
import { hookFindings } from '../../src/cli/client/doctor/hook-findings.js';
import { connectHook } from '../../src/cli/client/hooks/connect-hook.js';
import { type Proof, provenBy } from '../../src/cli/client/hooks/hook-above.js';
import { UserError } from '../../src/cli/user-error.js';
import { ProviderError } from '../../src/providers/error.js';
import type { Hook } from '../../src/providers/hooks-api.js';
import type { DeliveryRecord } from '../../src/store/store.js';
import { type FakeGithub, startFakeGithub } from '../support/fake-github/github.js';
import { configOf } from '../support/harness/config.js';
import { pushEvent, scheduleEvent } from '../triggers/sample-events.js';

const repository = 'acme/app';
const DAY = 86_400_000;

let github: FakeGithub | undefined;
afterEach(async () => {
  await github?.close();
  github = undefined;
});

const about = (fullName: string) => {
  const event = pushEvent();
  return { ...event, repository: { ...event.repository, fullName } };
};
const delivery = (change: Partial<DeliveryRecord> = {}): DeliveryRecord => ({
  ...{ id: 'd1', source: 'here', key: 'k', eventName: 'push', receivedAt: Date.now() - 1_000, bodyBytes: 2 },
  ...{ headers: {}, events: [about('Acme/App')], verdicts: [], dispatches: [] },
  ...change,
});
const level = (name: string, value: string) => ({ [`x-${name}-hook-installation-target-type`]: value });

test.each([
  ['whose webhook says nothing', {}, true],
  ['of a GitHub App', { headers: level('github', 'integration') }, true],
  ['of an organisation at GitHub', { headers: level('github', 'organization') }, true],
  ['of an organisation at Gitea', { headers: level('gitea', 'organization') }, true],
  ['of the whole server at Gitea', { headers: level('gitea', 'system') }, true],
  ['of GitLab’s System Hooks', { eventName: 'System Hook' }, true],
  ['of a webhook of its own, which is gone', { headers: level('github', 'repository') }, false],
  ['of a webhook of its own at Gitea', { headers: level('gitea', 'repository') }, false],
  ['about another repository', { events: [about('acme/other')] }, false],
  ['of long ago', { receivedAt: Date.now() - 40 * DAY }, false],
  ['that reconciling made', { key: 'sweep/acme/app/main@abc' }, false],
  ['that somebody asked for', { eventName: 'manual' }, false],
  ['about no repository', { events: [scheduleEvent()] }, false],
] as const)('a delivery %s proves that deliveries arrive: %s', (_, change, proves) => {
  expect(provenBy([delivery(change)], { repository }) !== undefined).toBe(proves);
});

const question = (list: () => Promise<Hook[]>) => ({
  hooks: { list, eventsFor: () => ['push'], create: list as never, update: list as never },
  where: { source: 'here', repository },
  url: 'https://hooks.example/webhooks/here',
  kinds: ['push'] as const,
  connect: 'npx hookyard connect here acme/app',
  facts: { hookRights: 'rights' },
});
const arrived: Proof = { delivery: 'd1', at: '2026-11-24T08:00:00.000Z' };

test('doctor takes deliveries through a webhook above a repository for its webhook', async () => {
  const none = await hookFindings(question(async () => []));
  expect(none.map((remark) => remark.level)).toEqual(['problem']);
  const remarks = await hookFindings({ ...question(async () => []), arrived });
  expect(remarks).toEqual([
    { level: 'ok', says: expect.stringMatching(/through a webhook above it.* 2026-11-24T08.*d1$/) },
  ]);
});

test('doctor says where a webhook of the repository itself leads elsewhere: that may send them', async () => {
  const old: Hook = { id: '1', url: 'https://old.example/webhooks/here/', active: true, events: ['push'] };
  expect(await hookFindings({ ...question(async () => [old]), arrived })).toEqual([
    {
      level: 'warn',
      says: expect.stringMatching(/^no webhook leads to https:\/\/hooks\..* its own webhook to https:\/\/old\./),
      advice: 'npx hookyard connect here acme/app --force, and delete the other unless another Hookyard is there',
    },
  ]);
  const another = { ...old, url: 'https://old.example/webhooks/other' };
  const remarks = await hookFindings({ ...question(async () => [another]), arrived });
  expect(remarks.map((remark) => remark.level)).toEqual(['ok']);
});

test.each([
  ['an organisation at GitHub', { headers: level('github', 'organization') }],
  ['GitLab’s System Hooks', { eventName: 'System Hook' }],
])('what says that it is of %s is not taken for sent by a webhook to another server', async (_, change) => {
  const staging: Hook = { id: '1', url: 'https://staging.example/webhooks/here', active: true, events: ['push'] };
  const proof = provenBy([delivery(change)], { repository });
  expect(await hookFindings({ ...question(async () => [staging]), arrived: proof })).toEqual([
    { level: 'ok', says: expect.stringContaining('webhook above it') },
  ]);
  const { connected, said } = await connect({ deliveries: [delivery(change)], own: staging.url });
  expect(connected.done).toBe('nothing to change');
  expect(said).toContain('webhook above it');
  expect(said).not.toContain('delete the other');
});

test('doctor says so too where the webhooks of a repository can’t be read', async () => {
  const refused = async () => Promise.reject(new ProviderError('refused', 'no', { status: 404 }));
  const remarks = await hookFindings({ ...question(refused), arrived });
  expect(remarks.map((remark) => remark.level)).toEqual(['ok', 'warn']);
});

async function connect({
  force = false,
  own,
  deliveries,
}: {
  force?: boolean;
  /** The address that a webhook of the repository leads to. */
  own?: string;
  deliveries: readonly DeliveryRecord[] | undefined;
}) {
  github = await startFakeGithub({ token: 'canary-token' });
  if (own) github.hooks.push({ id: 1, active: true, events: ['push'], config: { url: own } });
  const here = { kind: 'github' as const, secrets: [{ env: 'S' }], api: { url: github.url, token: { env: 'T' } } };
  const config = configOf({ sources: { here } }, { S: 'a webhook secret', T: 'canary-token' });
  const said: string[] = [];
  const connected = await connectHook(
    {
      config,
      kinds: async () => ['push'],
      note: () => undefined,
      api: async () => {
        if (!deliveries) throw new UserError('no server');
        return { url: 'http://here', deliveries: async () => ({ deliveries }) };
      },
    },
    {
      where: { source: 'here', repository },
      url: 'https://hooks.example',
      test: false,
      force,
      say: (word, text) => said.push(`${word} ${text}`),
    },
  );
  return { connected, said: said.join('\n'), changes: github.changes() };
}

test('connect makes no second webhook where one above the repository delivers, and says how to make one', async () => {
  const { connected, said, changes } = await connect({ deliveries: [delivery()] });
  expect(changes).toEqual([]);
  expect(connected).toMatchObject({
    done: 'nothing to change',
    because: [expect.stringContaining('webhook above it')],
  });
  expect(said).toContain('--force');
});

test('connect does not say of a webhook of the repository that leads elsewhere that it is one above it', async () => {
  const { connected, said, changes } = await connect({
    deliveries: [delivery()],
    own: 'https://old.example/webhooks/here',
  });
  expect([connected.done, changes]).toEqual(['nothing to change', []]);
  expect(said).toContain('its own webhook to https://old.example/webhooks/here may send them');
  expect(said).toContain('--force');
  expect(said).not.toContain('above it');
});

test.each([
  ['it is forced', { force: true, deliveries: [delivery()] }],
  ['nothing of the repository came', { deliveries: [] }],
  ['no server can be asked', { deliveries: undefined }],
])('connect makes the webhook where %s', async (_, setting) => {
  const { connected, changes } = await connect(setting);
  expect(connected.done).toBe('created');
  expect(changes).toEqual(['POST /repos/acme/app/hooks']);
});

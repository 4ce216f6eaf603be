import { afterEach, describe, expect, test } from 'vitest';
import type { StatusInput } from '../../../src/activities/contract/index.js';
import { createReportStatus } from '../../../src/activities/status/report-status.js';
import type { ConfigInput } from '../../../src/config/index.js';
import { activity, depsOf, failureOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { type Answer, type LocalServer, type Received, startServer } from '../../support/harness/http-server.js';

const TOKEN = 'canary-status-token';
const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const PAGE = 'https://ui.example/run';
const input: StatusInput = {
  source: 'here',
  repository: 'acme/shop',
  sha: SHA,
  state: 'error',
  context: 'hookyard/ci',
  description: 'd'.repeat(200),
  targetUrl: PAGE,
};

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Setting {
  readonly kind: 'gitlab' | 'gitea' | 'forgejo' | 'gogs' | 'stripe';
  readonly answers?: Answer[];
  readonly values?: Record<string, string>;
}

async function reporting({ kind, answers = [], values = { TOKEN } }: Setting) {
  const made = await startServer(() => answers.shift() ?? { status: 500 });
  server = made;
  const secrets = [{ env: 'HOOK' }];
  const api = { token: { env: 'TOKEN', optional: true } } as const;
  const config: ConfigInput = {
    sources: { here: kind === 'stripe' ? { kind, secrets } : { kind, url: made.url, secrets, api } },
  };
  const report = createReportStatus(depsOf(configOf(config, { HOOK: 'x', ...values })));
  return {
    received: made.received,
    report: (status: Partial<StatusInput> = {}, attempt = 1) =>
      activity({ attempt }).run(report, { ...input, ...status }),
  };
}

describe.each([
  [
    'gitlab',
    `/api/v4/projects/acme/shop/statuses/${SHA}`,
    { state: 'failed', name: 'hookyard/ci' },
    ['private-token', TOKEN],
    { id: 7, name: 'hookyard/ci', status: 'success', target_url: PAGE },
  ],
  [
    'gitea',
    `/api/v1/repos/acme/shop/statuses/${SHA}`,
    { state: 'error', context: 'hookyard/ci' },
    ['authorization', `token ${TOKEN}`],
    { id: 7, context: 'hookyard/ci', status: 'success', target_url: PAGE },
  ],
  [
    'forgejo',
    `/api/v1/repos/acme/shop/statuses/${SHA}`,
    { state: 'error', context: 'hookyard/ci' },
    ['authorization', `token ${TOKEN}`],
    { id: 7, context: 'hookyard/ci', status: 'success', target_url: PAGE },
  ],
] as const)('a status at %s', (kind, path, body, [header, credential], ended) => {
  test('a status is written, after a first try that failed', async () => {
    const answers: Answer[] = [
      { status: 503, headers: { 'retry-after': '7' } },
      { status: 201, body: {} },
    ];
    const { report, received } = await reporting({ kind, answers });
    expect(await failureOf(report(), 'canary')).toMatchObject({ nonRetryable: false, nextRetryDelay: 7_000 });
    expect(await report()).toEqual({ reported: true });
    const last = received[1] as Received;
    expect(last).toMatchObject({ method: 'POST', path, body: { ...body, target_url: PAGE } });
    expect(last.headers[header]).toBe(credential);
    const { description } = last.body as { description: string };
    expect([...description]).toHaveLength(140);
  });

  test('a status that is not allowed says which option to change', async () => {
    const { report } = await reporting({ kind, answers: [{ status: 401 }] });
    expect(await failureOf(report(), 'canary')).toMatchObject({
      type: 'NotConfigured',
      nonRetryable: true,
      message: expect.stringContaining('sources.here.api'),
    });
  });

  test('a status of a commit that is not there is final', async () => {
    const { report } = await reporting({ kind, answers: [{ status: 404 }] });
    expect(await failureOf(report(), 'canary')).toMatchObject({ type: 'Refused', nonRetryable: true });
  });

  test('a status without credentials is nothing to do', async () => {
    const { report, received } = await reporting({ kind, values: {} });
    expect(await report()).toEqual({ reported: false, because: 'source here has no API credentials' });
    expect(received).toEqual([]);
  });

  test('a status that is pending for a second time does not hide the end of its own run', async () => {
    const { report, received } = await reporting({ kind, answers: [{ status: 200, body: [ended] }] });
    expect(await report({ state: 'pending' }, 2)).toEqual({
      reported: false,
      because: 'this run has already reported its end',
    });
    expect(received.map(({ method }) => method)).toEqual(['GET']);
  });

  test.each([
    ['the end of another run', { ...ended, target_url: 'https://ui.example/another' }],
    ['what is pending too', { ...ended, status: 'pending' }],
  ])('a status that is pending for a second time replaces %s', async (_, latest) => {
    const answers: Answer[] = [
      { status: 200, body: [latest] },
      { status: 201, body: {} },
    ];
    const { report, received } = await reporting({ kind, answers });
    expect(await report({ state: 'pending' }, 2)).toEqual({ reported: true });
    expect(received.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });
});

test.each(['gogs', 'stripe'] as const)('%s has no statuses', async (kind) => {
  const { report, received } = await reporting({ kind });
  expect(await report()).toEqual({ reported: false, because: `a source of kind ${kind} has no commit statuses` });
  expect(received).toEqual([]);
});

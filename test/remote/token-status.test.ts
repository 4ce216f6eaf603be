import { afterEach, describe, expect, test } from 'vitest';
import { createReportStatus } from '../../src/activities/report-status.js';
import { type Answer, type LocalServer, startServer } from './local-server.js';
import { activity, configOf, depsOf, failureOf } from './setting.js';

const TOKEN = 'canary-status-token';
const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const input = {
  source: 'here',
  repository: 'acme/team/shop',
  sha: SHA,
  state: 'error',
  context: 'hookyard/ci',
  description: 'd'.repeat(200),
  targetUrl: 'https://ui.example/run',
} as const;

let server: LocalServer;
afterEach(() => server?.close());

async function reporting(
  kind: 'gitlab' | 'gitea' | 'forgejo' | 'gogs',
  answers: Answer[],
  values: Record<string, string> = { TOKEN },
) {
  server = await startServer(() => answers.shift() ?? { status: 500 });
  const source = {
    kind,
    url: server.url,
    secrets: [{ env: 'HOOK' }],
    api: { token: { env: 'TOKEN', optional: true } },
  };
  const report = createReportStatus(depsOf(configOf({ sources: { here: source } }, { HOOK: 'x', ...values })));
  return () => activity().run(report, input);
}

describe.each([
  [
    'gitlab',
    `/api/v4/projects/acme/team/shop/statuses/${SHA}`,
    { state: 'failed', name: 'hookyard/ci' },
    ['private-token', TOKEN],
  ],
  [
    'gitea',
    `/api/v1/repos/acme/team/shop/statuses/${SHA}`,
    { state: 'error', context: 'hookyard/ci' },
    ['authorization', `token ${TOKEN}`],
  ],
  [
    'forgejo',
    `/api/v1/repos/acme/team/shop/statuses/${SHA}`,
    { state: 'error', context: 'hookyard/ci' },
    ['authorization', `token ${TOKEN}`],
  ],
] as const)('a status at %s', (kind, path, body, [header, credential]) => {
  test('is written, after a first try that failed', async () => {
    const report = await reporting(kind, [
      { status: 503, headers: { 'retry-after': '7' } },
      { status: 201, body: {} },
    ]);
    expect(await failureOf(report(), 'canary')).toMatchObject({ nonRetryable: false, nextRetryDelay: 7_000 });
    expect(await report()).toEqual({ reported: true });
    const last = server.received[1] as LocalServer['received'][number];
    expect(last).toMatchObject({ method: 'POST', path, body: { ...body, target_url: 'https://ui.example/run' } });
    expect(last.headers[header]).toBe(credential);
    const { description } = last.body as { description: string };
    expect([...description]).toHaveLength(140);
  });

  test('that is not allowed says which option to change', async () => {
    const report = await reporting(kind, [{ status: 401 }]);
    expect(await failureOf(report(), 'canary')).toMatchObject({
      type: 'NotConfigured',
      nonRetryable: true,
      message: expect.stringContaining('sources.here.api.token'),
    });
  });

  test('of a commit that is not there is final', async () => {
    const report = await reporting(kind, [{ status: 404 }]);
    expect(await failureOf(report(), 'canary')).toMatchObject({ type: 'Refused', nonRetryable: true });
  });

  test('without credentials is nothing to do', async () => {
    const report = await reporting(kind, [], {});
    expect(await report()).toEqual({ reported: false, because: 'source here has no API credentials' });
    expect(server.received).toEqual([]);
  });
});

test('Gogs has no statuses', async () => {
  const report = await reporting('gogs', []);
  expect(await report()).toEqual({ reported: false, because: 'a source of kind gogs has no commit statuses' });
});

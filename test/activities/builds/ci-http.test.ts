import { afterEach, expect, test } from 'vitest';
import { createCiBuilds } from '../../../src/activities/builds/ci-build.js';
import type { TriggerCiBuildInput } from '../../../src/activities/contract/index.js';
import { activity, depsOf, failureOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';
import { type Answer, type LocalServer, type Received, startServer } from '../../support/harness/http-server.js';

const CANARY = 'canary-build-token-0123';
const pace = { firstMs: 5, lastMs: 20, toleratedFailures: 10 };
const run = { workflowExecution: { workflowId: 'ci/github/1', runId: 'r' } };
const input: TriggerCiBuildInput = {
  build: 'it',
  ref: { kind: 'branch', name: 'main' },
  sha: 'c'.repeat(40),
  parameters: { BROWSER: 'firefox' },
  correlation: 'ci/github/1/hookyard-build-1',
  callbackSignal: 'hookyard-build-1',
  validForMs: 60_000,
};

let server: LocalServer | undefined;
afterEach(() => server?.close());

/** A service that knows a repeat by its key; `faults` come instead of its first answers, after it has made the build. */
async function setUp({ faults = [], publicUrl }: { faults?: Answer[]; publicUrl?: string } = {}) {
  const builds = new Map<string, { status: string }>();
  const answer = ({ method, path, headers }: Received): Answer => {
    if (headers.authorization !== `Bearer ${CANARY}`) return { status: 401 };
    const key = String(headers['idempotency-key'] ?? '');
    const [build] = builds.values();
    if (method === 'POST' && path === '/start') {
      if (!builds.has(key)) builds.set(key, { status: 'queued' });
      const at = `${server?.url}/7`;
      return faults.shift() ?? { status: 201, body: { statusUrl: at, cancelUrl: `${at}/cancel`, url: 'https://ci/7' } };
    }
    if (method === 'POST' && path === '/7/cancel' && build) build.status = 'cancelled';
    return build ? { status: 200, body: build } : { status: 404 };
  };
  server = await startServer(answer);
  const config = configOf(
    {
      sources: { github: { kind: 'github', secrets: [{ env: 'WEBHOOK' }] } },
      server: { callbackKey: { env: 'KEY' }, ...(publicUrl !== undefined && { publicUrl }) },
      builds: { it: { url: `${server.url}/start`, token: { env: 'TOKEN' }, allowPrivate: true } },
    },
    { WEBHOOK: 'w', TOKEN: CANARY, KEY: 'callback-key-canary-0123456789' },
  );
  const timing = { running: pace, told: pace, finding: pace, lookBackMs: 30 };
  return { builds, server, ...createCiBuilds(depsOf(config), timing) };
}

test('a service that takes any request is told the commit, and where to call', async () => {
  const { server, triggerCiBuild } = await setUp({ publicUrl: 'https://hooks.example' });
  expect(await activity(run).run(triggerCiBuild, input)).toMatchObject({ calls: true, url: 'https://ci/7' });
  expect(server.received[0]?.body).toEqual({
    params: { BROWSER: 'firefox', ref: input.ref, sha: input.sha },
    callbackUrl: expect.stringContaining('https://hooks.example/callbacks/'),
    run: 'ci/github/1',
    idempotencyKey: input.correlation,
  });
});

test('a lost answer is sent for again under the same key, so that one build is made', async () => {
  const { builds, triggerCiBuild, awaitCiBuild } = await setUp({ faults: ['drop', { status: 500 }, { status: 429 }] });
  for (let attempt = 1; attempt <= 3; attempt += 1)
    expect((await failureOf(activity({ ...run, attempt }).run(triggerCiBuild, input), CANARY)).nonRetryable).toBe(
      false,
    );
  const of = await activity({ ...run, attempt: 4 }).run(triggerCiBuild, input);
  expect([...builds.keys()]).toEqual([input.correlation]);
  builds.set(input.correlation, { status: 'failed' });
  expect(await activity(run).run(awaitCiBuild, { of })).toMatchObject({ outcome: 'failed', url: 'https://ci/7' });
});

test('it is cancelled where it has said', async () => {
  const { builds, triggerCiBuild, lookAtCiBuild, cancelCiBuild } = await setUp();
  const made = await activity(run).run(triggerCiBuild, input);
  expect(await activity(run).run(lookAtCiBuild, made)).toBeNull();
  await activity(run).run(cancelCiBuild, made);
  expect(builds.get(input.correlation)?.status).toBe('cancelled');
});

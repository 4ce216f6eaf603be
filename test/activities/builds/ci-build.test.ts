import { afterEach, describe, expect, test } from 'vitest';
import { type CiBuildTiming, createCiBuilds } from '../../../src/activities/builds/ci-build.js';
import type { TriggerCiBuildInput } from '../../../src/activities/contract/index.js';
import { readCallbackToken } from '../../../src/callback-token.js';
import { openRemoteCi } from '../../../src/remote-ci/index.js';
import { ciSettings } from '../../../src/remote-ci/settings.js';
import { Secret } from '../../../src/secrets/secret.js';
import { FAKE_CIS, type FakeCi, startFakeCi } from '../../support/fake-ci/index.js';
import { activity, depsOf, failureOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';

const CANARY = 'canary-ci-token-0123456789';
const KEY = 'callback-key-canary-0123456789';
const pace = { firstMs: 5, lastMs: 20, toleratedFailures: 10 };
const fast: CiBuildTiming = { running: pace, told: pace, finding: pace, lookBackMs: 60 };
const run = { workflowExecution: { workflowId: 'ci/github/1', runId: 'r' } };
const again = { ...run, attempt: 2 };
const input: TriggerCiBuildInput = {
  build: 'it',
  ref: { kind: 'branch', name: 'main' },
  sha: 'c'.repeat(40),
  parameters: { BROWSER: 'fire fox & <more>' },
  correlation: 'ci/github/1/hookyard-build-1',
  callbackSignal: 'hookyard-build-1',
  validForMs: 60_000,
};

let fake: FakeCi | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

test('each kind that the configuration knows is tried here', () => {
  expect(Object.keys(FAKE_CIS).sort()).toEqual(
    Object.keys(ciSettings)
      .filter((kind) => kind !== 'http')
      .sort(),
  );
});

describe.each(Object.entries(FAKE_CIS))('a build at %s', (_, kind) => {
  type Options = { token?: string; allowPrivate?: boolean; publicUrl?: string; more?: object };

  async function setUp({ token = CANARY, allowPrivate = true, publicUrl, more = {} }: Options = {}) {
    const ci = await startFakeCi(kind.protocol(CANARY));
    fake = ci;
    const build = {
      ...kind.settings,
      url: `${ci.url}${kind.below ?? ''}`,
      token: { env: 'TOKEN' },
      allowPrivate,
      ...more,
    };
    const config = configOf(
      {
        sources: { github: { kind: 'github', secrets: [{ env: 'WEBHOOK' }] } },
        server: { callbackKey: { env: 'KEY' }, ...(publicUrl !== undefined && { publicUrl }) },
        builds: { it: build as never },
      },
      { WEBHOOK: 'w', TOKEN: token, KEY },
    );
    return { ci, config, ...createCiBuilds(depsOf(config), fast) };
  }

  const own = { [kind.correlation]: input.correlation };

  test('is made once, of the branch, with its parameters and our id', async () => {
    const { ci, triggerCiBuild } = await setUp();
    const made = await activity(run).run(triggerCiBuild, input);
    expect(made).toMatchObject({ build: 'it', correlation: input.correlation });
    expect(made).not.toHaveProperty('calls');
    expect(ci.builds).toMatchObject([{ parameters: { ...input.parameters, ...own }, ref: kind.main }]);
  });

  test('gets a callback URL of its own, where its settings name a parameter for it', async () => {
    const publicUrl = 'https://hooks.example/base/';
    const { ci, triggerCiBuild } = await setUp({ publicUrl, more: { callback: 'HOOKYARD_CALLBACK' } });
    expect(await activity(run).run(triggerCiBuild, input)).toMatchObject({ calls: true });
    const url = ci.builds[0]?.parameters.HOOKYARD_CALLBACK ?? '';
    const [base, token = ''] = url.split('/callbacks/');
    expect(base).toBe('https://hooks.example/base');
    expect(readCallbackToken(new Secret(KEY), token, Date.now())).toMatchObject({
      workflowId: 'ci/github/1',
      signal: 'hookyard-build-1',
      id: input.correlation,
    });
  });

  test('is not triggered for a callback that nobody could reach', async () => {
    const { ci, triggerCiBuild } = await setUp({ more: { callback: 'HOOKYARD_CALLBACK' } });
    const failure = await failureOf(activity(run).run(triggerCiBuild, input), CANARY);
    expect(failure).toMatchObject({ type: 'NotConfigured', message: expect.stringContaining('server.publicUrl') });
    expect(ci.builds).toEqual([]);
  });

  test('whose answer was lost is found again, among others, and not made twice', async () => {
    const { ci, triggerCiBuild, awaitCiBuild } = await setUp();
    const other = { ...input, correlation: `${input.correlation}0` };
    await activity(run).run(triggerCiBuild, other);
    ci.faults.push('lost');
    expect((await failureOf(activity(run).run(triggerCiBuild, input), CANARY)).nonRetryable).toBe(false);
    await activity(run).run(triggerCiBuild, { ...other, correlation: 'ci/github/1/hookyard-build-2' });
    const made = await activity(again).run(triggerCiBuild, input);
    expect(ci.builds).toHaveLength(3);
    const [end = ''] = Object.keys(kind.ends);
    for (const build of ci.builds)
      build.word = build.parameters[kind.correlation] === input.correlation ? end : 'running';
    expect(await activity(run).run(awaitCiBuild, { of: made })).toMatchObject({ conclusion: end });
  });

  test.each([500, 503, 429])('is made by a later attempt after %i, in the time that it asks for', async (status) => {
    const { ci, triggerCiBuild } = await setUp();
    ci.faults.push({ status, headers: { 'retry-after': '20' } });
    const failure = await failureOf(activity(run).run(triggerCiBuild, input), CANARY);
    expect(failure).toMatchObject({ nonRetryable: false, nextRetryDelay: 20_000 });
    await activity(again).run(triggerCiBuild, input);
    expect(ci.builds).toHaveLength(1);
  });

  test('is not triggered while it can not be known whether it was', async () => {
    const { ci, triggerCiBuild } = await setUp({ token: 'another-token-0123456789' });
    const failure = await failureOf(activity(again).run(triggerCiBuild, input), CANARY);
    expect(failure).toMatchObject({ type: 'NotConfigured', message: expect.stringContaining('builds.it.token') });
    expect(ci.received.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test.each(Object.entries(kind.ends))('that ends as %s has %s', async (word, outcome) => {
    const { ci, triggerCiBuild, awaitCiBuild, lookAtCiBuild } = await setUp();
    const made = await activity(run).run(triggerCiBuild, input);
    for (const going of kind.goesOn) {
      Object.assign(ci.builds[0] ?? {}, { word: going });
      expect(await activity(run).run(lookAtCiBuild, made)).toBeNull();
    }
    Object.assign(ci.builds[0] ?? {}, { word });
    const ended = await activity(run).run(awaitCiBuild, { of: made, told: true });
    expect(ended).toEqual({
      outcome,
      passed: outcome === 'passed',
      conclusion: word,
      url: expect.stringContaining(ci.url),
    });
    expect(await activity(run).run(lookAtCiBuild, made)).toEqual(ended);
  });

  test('is cancelled; one that has ended stays as it is, and one that is gone is fine', async () => {
    const { ci, triggerCiBuild, cancelCiBuild, lookAtCiBuild } = await setUp();
    const made = await activity(run).run(triggerCiBuild, input);
    await activity(run).run(cancelCiBuild, made);
    expect(ci.builds[0]?.cancelled).toBe(true);
    expect(await activity(run).run(lookAtCiBuild, made)).toMatchObject({ outcome: 'cancelled' });
    await activity(run).run(cancelCiBuild, made);
    ci.builds.splice(0);
    await activity(run).run(cancelCiBuild, made);
  });

  test('that runs already is cancelled', async () => {
    const { ci, triggerCiBuild, cancelCiBuild } = await setUp();
    const made = await activity(run).run(triggerCiBuild, input);
    Object.assign(ci.builds[0] ?? {}, { word: 'running' });
    await activity(run).run(cancelCiBuild, made);
    expect(ci.builds[0]?.cancelled).toBe(true);
  });

  test('that nobody has heard of is cancelled by our id, and only that one', async () => {
    const { ci, triggerCiBuild, cancelCiBuild } = await setUp();
    await activity(run).run(triggerCiBuild, { ...input, correlation: 'ci/github/1/hookyard-build-2' });
    ci.faults.push('lost');
    await failureOf(activity(run).run(triggerCiBuild, input), CANARY);
    const { correlation, ref } = input;
    const lost = { build: 'it', correlation, since: Date.now(), ...(ref && { ref }) };
    await activity(run).run(cancelCiBuild, lost);
    expect(ci.builds.map(({ cancelled }) => cancelled)).toEqual([false, true]);
    await activity(run).run(cancelCiBuild, { ...lost, correlation: 'ci/github/1/hookyard-build-3' });
  });

  test('is refused for good by a token that is not taken, and by a private address', async () => {
    const { ci, triggerCiBuild } = await setUp({ token: 'another-token-0123456789' });
    const failure = await failureOf(activity(run).run(triggerCiBuild, input), 'another-token-0123456789');
    expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
    expect(failure.message).toContain('builds.it.token');
    await ci.close();
    const { ci: other, triggerCiBuild: trigger } = await setUp({ allowPrivate: false });
    expect(await failureOf(activity(run).run(trigger, input), CANARY)).toMatchObject({ type: 'PrivateAddress' });
    expect(other.received).toEqual([]);
  });

  test.each([
    ['a name that no parameter has', { 'a b': '1' }],
    ["our own parameter's name", own],
    ['too much text', { BROWSER: 'x'.repeat(40_000) }],
  ])('is not made with %s', async (_, parameters) => {
    const { ci, triggerCiBuild } = await setUp();
    const failure = await failureOf(activity(run).run(triggerCiBuild, { ...input, parameters }), CANARY);
    expect(failure).toMatchObject({ type: 'Refused', nonRetryable: true });
    expect(ci.builds).toEqual([]);
  });

  test('can be asked whether it works, without being made', async () => {
    const { ci, config } = await setUp();
    const settings = config.builds.it as Parameters<typeof openRemoteCi>[0];
    const checked = await openRemoteCi(settings, { name: 'it' }).check();
    expect(checked?.works).toContain('reaches');
    expect(checked).not.toHaveProperty('lacks');
    expect(ci.received.every(({ method }) => method === 'GET')).toBe(true);
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { activityProviders } from '../../../src/activities/activity-providers.js';
import { createCiBuilds } from '../../../src/activities/builds/ci-build.js';
import type { RemoteBuildTiming } from '../../../src/activities/builds/remote-build.js';
import type { TriggerCiBuildInput } from '../../../src/activities/contract/index.js';
import { readCallbackToken } from '../../../src/callback-token.js';
import { openRemoteCi } from '../../../src/remote-ci/index.js';
import { ciSettings } from '../../../src/remote-ci/settings.js';
import { Secret } from '../../../src/secrets/secret.js';
import { FAKE_CIS, type FakeCi, HEAD, SIGN_IN, settingsOf, startFakeCi } from '../../support/fake-ci/index.js';
import { activity, depsOf, failureOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';

const CANARY = 'canary-ci-token-0123456789';
const KEY = 'callback-key-canary-0123456789';
const pace = { firstMs: 5, lastMs: 20, toleratedFailures: 10 };
const fast: RemoteBuildTiming = {
  ...{ running: pace, told: pace, finding: pace },
  ...{ findForMs: 300, lookBackMs: 60, commitForMs: 300, cancelForMs: 60 },
};
const run = { workflowExecution: { workflowId: 'ci/github/1', runId: 'r' } };
const again = { ...run, attempt: 2 };
const input: TriggerCiBuildInput = {
  build: 'it',
  ref: { kind: 'branch', name: 'main' },
  sha: HEAD,
  repository: 'acme/app',
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
  expect(Object.keys(FAKE_CIS).sort()).toEqual(Object.keys(ciSettings).sort());
});

describe.each(Object.entries(FAKE_CIS))('a build at %s', (_, kind) => {
  type Options = { token?: string; allowPrivate?: boolean; publicUrl?: string; calls?: boolean; more?: object };

  async function setUp({ token = CANARY, publicUrl, calls = false, more = {} }: Options = {}) {
    const ci = await startFakeCi(kind.protocol(CANARY));
    fake = ci;
    const { build, sources } = settingsOf(kind, ci.url, { calls });
    const config = configOf(
      {
        sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] }, ...sources } as never,
        server: { callbackKey: { env: 'KEY' }, ...(publicUrl !== undefined && { publicUrl }) },
        builds: { it: { ...build, ...more } as never },
      },
      { HOOK: 'w', TOKEN: token, KEY },
    );
    const deps = depsOf(config);
    return { ci, config, ...createCiBuilds(deps, activityProviders(deps), fast) };
  }

  /** Has other builds made at the service, after those that are there. */
  function addOthers(ci: FakeCi, count: number) {
    for (let i = 0; i < count; i += 1) {
      const parameters = { [kind.correlation]: `ci/github/2/hookyard-build-9${i}`, OF_OTHERS: 'yes' };
      ci.builds.push({
        ...{ id: 1000 + i, parameters, ref: kind.main, sha: HEAD, word: kind.goesOn.at(-1) ?? '' },
        ...{ createdAt: new Date(), cancelled: false },
      });
    }
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
    const { ci, triggerCiBuild } = await setUp({ publicUrl, calls: true });
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

  test.skipIf(kind.callback)('is not triggered for a callback that nobody could reach', async () => {
    const { ci, triggerCiBuild } = await setUp({ calls: true });
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

  test.each([500, 503, 429, 403])(
    'is made by a later attempt after %i, in the time that it asks for',
    async (status) => {
      const { ci, triggerCiBuild } = await setUp();
      ci.faults.push({ status, headers: { 'retry-after': '20' } });
      const failure = await failureOf(activity(run).run(triggerCiBuild, input), CANARY);
      expect(failure).toMatchObject({ nonRetryable: false, nextRetryDelay: 20_000 });
      await activity(again).run(triggerCiBuild, input);
      expect(ci.builds).toHaveLength(1);
    },
  );

  test('is not triggered while it can not be known whether it was', async () => {
    const { ci, triggerCiBuild } = await setUp({ token: 'another-token-0123456789' });
    const failure = await failureOf(activity(again).run(triggerCiBuild, input), CANARY);
    const where = kind.source ? 'sources.actions.api' : 'builds.it.token';
    expect(failure).toMatchObject({ type: 'NotConfigured', message: expect.stringContaining(where) });
    expect(ci.builds).toEqual([]);
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
  });

  test.skipIf(kind.finds === 'by key')('that may have been made, and is not listed, is told as such', async () => {
    const { cancelCiBuild } = await setUp();
    const { correlation, ref } = input;
    const lost = { build: 'it', correlation, since: Date.now(), ...(ref && { ref }) };
    const failure = await failureOf(activity(run).run(cancelCiBuild, lost), CANARY);
    expect(failure).toMatchObject({
      type: 'Refused',
      message: expect.stringMatching(/^build it .*may have been made/),
    });
    // The service has said why it makes none.
    await activity(run).run(cancelCiBuild, { ...lost, once: true });
  });

  test.runIf(kind.finds === 'by key')(
    'that may have been made, and that nobody can cancel, is told as such',
    async () => {
      const { triggerCiBuild, cancelCiBuild } = await setUp({
        more: { cancelUrl: undefined },
        publicUrl: 'https://h.example',
      });
      const { build, correlation } = input;
      const failure = await failureOf(activity(run).run(cancelCiBuild, { build, correlation }), CANARY);
      expect(failure).toMatchObject({ type: 'Refused', message: expect.stringContaining('builds.it.cancelUrl') });
      await activity(run).run(cancelCiBuild, { build, correlation, once: true });
      const made = await activity(run).run(triggerCiBuild, input);
      const unnamed = { ...made, id: '{}' };
      expect((await failureOf(activity(run).run(cancelCiBuild, unnamed), CANARY)).message).toContain('may go on');
    },
  );

  test('whose service does not let us in any more is said to go on, where an earlier attempt may have had it made', async () => {
    const { triggerCiBuild } = await setUp({ token: 'another-token-0123456789' });
    const first = await failureOf(activity(run).run(triggerCiBuild, input), CANARY);
    expect(first.message).not.toContain('may have been made');
    const later = await failureOf(activity(again).run(triggerCiBuild, input), CANARY);
    expect(later).toMatchObject({ type: 'NotConfigured', message: expect.stringContaining('may have been made') });
  });

  test('is refused for good by a token that is not taken', async () => {
    const { triggerCiBuild } = await setUp({ token: 'another-token-0123456789' });
    const failure = await failureOf(activity(run).run(triggerCiBuild, input), 'another-token-0123456789');
    expect(failure).toMatchObject({ type: 'NotConfigured', nonRetryable: true });
    expect(failure.message).toContain(kind.source ? 'sources.actions.api' : 'builds.it.token');
  });

  test.skipIf(kind.source)('is refused for good by a private address', async () => {
    const { ci, triggerCiBuild } = await setUp({ more: { allowPrivate: false } });
    expect(await failureOf(activity(run).run(triggerCiBuild, input), CANARY)).toMatchObject({ type: 'PrivateAddress' });
    expect(ci.received).toEqual([]);
  });

  test.skipIf(kind.finds)('whose answer was lost is found beyond the first page, among builds of others', async () => {
    const { ci, triggerCiBuild } = await setUp();
    ci.faults.push('lost');
    await failureOf(activity(run).run(triggerCiBuild, input), CANARY);
    Object.assign(ci.builds[0] ?? {}, { word: kind.goesOn.at(-1) });
    addOthers(ci, 120);
    await activity(again).run(triggerCiBuild, input);
    expect(ci.builds).toHaveLength(121);
  });

  test.skipIf(kind.finds)('is not triggered again where more were made since than are looked through', async () => {
    const { ci, triggerCiBuild } = await setUp();
    ci.faults.push('lost');
    await failureOf(activity(run).run(triggerCiBuild, input), CANARY);
    Object.assign(ci.builds[0] ?? {}, { word: kind.goesOn.at(-1) });
    addOthers(ci, 1_050);
    const failure = await failureOf(activity(again).run(triggerCiBuild, input), CANARY);
    expect(failure).toMatchObject({ type: 'Refused', nonRetryable: true });
    expect(ci.builds).toHaveLength(1_051);
  });

  test.skipIf(kind.finds)('is not looked for among those that were made before it', async () => {
    const { ci, triggerCiBuild } = await setUp();
    addOthers(ci, 1_050);
    for (const build of ci.builds) build.createdAt = new Date(Date.now() - 3_600_000);
    await activity(again).run(triggerCiBuild, input);
    expect(ci.builds).toHaveLength(1_051);
  });

  const OTHER = 'e'.repeat(40);

  test.skipIf(kind.tellsCommits === 'never')('of another commit than was asked for does not count', async () => {
    const { ci, triggerCiBuild, awaitCiBuild, lookAtCiBuild } = await setUp();
    const of = await activity(run).run(triggerCiBuild, input);
    const [passed = ''] = Object.entries(kind.ends).find(([, outcome]) => outcome === 'passed') ?? [];
    Object.assign(ci.builds[0] ?? {}, { word: passed, sha: OTHER });
    const other = {
      outcome: 'failed',
      passed: false,
      conclusion: expect.stringMatching(/eeeeeee.*and not of ccccccc/),
    };
    expect(await activity(run).run(awaitCiBuild, { of })).toMatchObject(other);
    const said = { outcome: 'passed', passed: true, conclusion: 'passed' } as const;
    expect(await activity(run).run(lookAtCiBuild, { ...of, said })).toMatchObject(other);
    Object.assign(ci.builds[0] ?? {}, { sha: HEAD });
    expect(await activity(run).run(lookAtCiBuild, { ...of, said })).toEqual(said);
    expect(await activity(run).run(awaitCiBuild, { of })).toMatchObject({ outcome: 'passed', conclusion: passed });
  });

  test.skipIf(kind.tellsCommits === 'never')(
    'of a commit whose first digits alone are known is compared by these',
    async () => {
      const { ci, triggerCiBuild, awaitCiBuild } = await setUp();
      const sha = HEAD.slice(0, 12);
      const of = await activity(run).run(triggerCiBuild, { ...input, sha });
      // What has to be a commit's whole name is left to the branch.
      if (kind.takesCommits && !kind.tellsCommits) expect(ci.builds[0]?.sha).not.toBe(sha);
      const [passed = ''] = Object.entries(kind.ends).find(([, outcome]) => outcome === 'passed') ?? [];
      Object.assign(ci.builds[0] ?? {}, { word: passed, sha: HEAD });
      expect(await activity(run).run(awaitCiBuild, { of })).toMatchObject({ outcome: 'passed', conclusion: passed });
      Object.assign(ci.builds[0] ?? {}, { sha: OTHER });
      expect(await activity(run).run(awaitCiBuild, { of })).toMatchObject({ outcome: 'failed' });
    },
  );

  test.runIf(kind.tellsRepository)('in another repository than the event’s is not compared', async () => {
    const { ci, triggerCiBuild, awaitCiBuild, lookAtCiBuild } = await setUp();
    const of = await activity(run).run(triggerCiBuild, { ...input, repository: 'acme/e2e' });
    Object.assign(ci.builds[0] ?? {}, { word: kind.goesOn.at(-1), sha: OTHER });
    expect(await activity(run).run(lookAtCiBuild, of)).toBeNull();
    const said = { outcome: 'passed', passed: true, conclusion: 'passed' } as const;
    expect(await activity(run).run(lookAtCiBuild, { ...of, said })).toEqual(said);
    expect(ci.builds[0]?.cancelled).toBe(false);
    const [passed = ''] = Object.entries(kind.ends).find(([, outcome]) => outcome === 'passed') ?? [];
    Object.assign(ci.builds[0] ?? {}, { word: passed });
    expect(await activity(run).run(awaitCiBuild, { of })).toMatchObject({ outcome: 'passed', conclusion: passed });
    // Whatever the case.
    const own = { ...of, repository: 'Acme/App' };
    expect(await activity(run).run(awaitCiBuild, { of: own })).toMatchObject({ outcome: 'failed' });
  });

  test.skipIf(kind.tellsCommits !== 'at its end')(
    'that has checked out nothing but a library is compared with nothing',
    async () => {
      const { ci, triggerCiBuild, awaitCiBuild } = await setUp();
      const of = await activity(run).run(triggerCiBuild, input);
      const [passed = ''] = Object.entries(kind.ends).find(([, outcome]) => outcome === 'passed') ?? [];
      Object.assign(ci.builds[0] ?? {}, { word: passed, sha: undefined });
      expect(await activity(run).run(awaitCiBuild, { of })).toMatchObject({ outcome: 'passed', conclusion: passed });
    },
  );

  test.skipIf(kind.tellsCommits !== 'at its end')(
    'that says it has passed does not count before its commit is told',
    async () => {
      const { ci, triggerCiBuild, lookAtCiBuild } = await setUp();
      const of = await activity(run).run(triggerCiBuild, input);
      const said = { outcome: 'passed', passed: true, conclusion: 'passed' } as const;
      Object.assign(ci.builds[0] ?? {}, { word: 'running', sha: OTHER });
      expect(await activity(run).run(lookAtCiBuild, { ...of, said })).toBeNull();
    },
  );

  test.skipIf(kind.finds === 'by key')('that says it has passed, and has not, has not passed', async () => {
    const { ci, triggerCiBuild, lookAtCiBuild } = await setUp();
    const of = await activity(run).run(triggerCiBuild, input);
    const said = { outcome: 'passed', passed: true, conclusion: 'passed' } as const;
    for (const [word, outcome] of Object.entries(kind.ends).filter(([, outcome]) => outcome !== 'passed')) {
      Object.assign(ci.builds[0] ?? {}, { word });
      expect(await activity(run).run(lookAtCiBuild, { ...of, said })).toMatchObject({ outcome, passed: false });
    }
  });

  test.runIf(kind.finds === 'by key')('is named in no message by its addresses, which may be credentials', async () => {
    const { ci, triggerCiBuild, lookAtCiBuild, awaitCiBuild, cancelCiBuild } = await setUp();
    const of = await activity(run).run(triggerCiBuild, input);
    ci.instead = { status: 403 };
    const failures = [
      await failureOf(activity(run).run(lookAtCiBuild, of), CANARY),
      await failureOf(activity(run).run(awaitCiBuild, { of }), CANARY),
      await failureOf(activity(run).run(cancelCiBuild, of), CANARY),
    ];
    for (const { message } of failures) expect(message).not.toMatch(/Url|\/builds\//);
  });

  test.skipIf(kind.tellsCommits)('of another commit is cancelled as soon as that shows', async () => {
    const { ci, triggerCiBuild, awaitCiBuild } = await setUp();
    const of = await activity(run).run(triggerCiBuild, input);
    Object.assign(ci.builds[0] ?? {}, { word: kind.goesOn.at(-1), sha: OTHER });
    const ended = await activity(run).run(awaitCiBuild, { of });
    expect(ended).toMatchObject({
      outcome: 'failed',
      conclusion: expect.stringContaining('cancelled, of commit eeeeeee'),
    });
    expect(ci.builds[0]?.cancelled).toBe(true);
  });

  test.skipIf(kind.tellsCommits)(
    'of another commit that can not be cancelled is told as such, and to go on',
    async () => {
      const { ci, triggerCiBuild, awaitCiBuild } = await setUp();
      const of = await activity(run).run(triggerCiBuild, input);
      Object.assign(ci.builds[0] ?? {}, { word: 'running', sha: OTHER });
      ci.refuses = { status: 422, body: { message: 'not now' } };
      expect(await activity(run).run(awaitCiBuild, { of })).toMatchObject({
        outcome: 'failed',
        passed: false,
        conclusion: expect.stringMatching(/goes on.*could not be cancelled.*422.*of commit eeeeeee and not of ccccccc/),
      });
    },
  );

  test.each(Object.entries(SIGN_IN))('is not taken for triggered, ended or cancelled by %s', async (_, page) => {
    const { ci, triggerCiBuild, lookAtCiBuild, cancelCiBuild } = await setUp();
    const made = await activity(run).run(triggerCiBuild, input);
    ci.instead = page;
    const failures = [
      await failureOf(activity(run).run(triggerCiBuild, input), CANARY),
      await failureOf(activity(run).run(lookAtCiBuild, made), CANARY),
      await failureOf(activity(run).run(cancelCiBuild, made), CANARY),
    ];
    if (!kind.source)
      for (const { type, message } of failures)
        expect({ type, message }).toEqual({
          type: 'NotConfigured',
          message: expect.stringContaining('builds.it.token'),
        });
    expect(ci.builds.map(({ cancelled }) => cancelled)).toEqual([false]);
  });

  test.each([400, 409, 422])(
    'that the service does not cancel, and answers %i, is no cancelled one',
    async (status) => {
      const { ci, triggerCiBuild, cancelCiBuild } = await setUp();
      const made = await activity(run).run(triggerCiBuild, input);
      Object.assign(ci.builds[0] ?? {}, { word: 'running' });
      ci.refuses = { status, body: { message: 'not now' } };
      // A service of one's own says by 409 that it has ended.
      if (kind.finds === 'by key' && status === 409) return activity(run).run(cancelCiBuild, made);
      expect((await failureOf(activity(run).run(cancelCiBuild, made), CANARY)).message).toContain(String(status));
    },
  );

  test.skipIf(kind.finds === 'by key')('that the token may not see is not taken for gone', async () => {
    const { ci, triggerCiBuild, lookAtCiBuild, cancelCiBuild } = await setUp();
    const made = await activity(run).run(triggerCiBuild, input);
    ci.instead = { status: 404, body: { message: '404 Not Found' } };
    expect((await failureOf(activity(run).run(cancelCiBuild, made), CANARY)).message).toContain('404');
    const looked = await failureOf(activity(run).run(lookAtCiBuild, made), CANARY);
    expect(looked.message).toContain('404');
    if (!kind.source) expect(looked.message).toMatch(/^build it \(.*builds\.it.*its token may see it/);
  });

  test.each<readonly [string, Record<string, string>]>([
    ['a name that no parameter has', { 'a b': '1' }],
    ...(kind.finds === 'by key' ? [] : [["our own parameter's name", own] as const]),
    ['too much text', { BROWSER: 'x'.repeat(40_000) }],
  ])('is not made with %s', async (_, parameters) => {
    const { ci, triggerCiBuild } = await setUp();
    const failure = await failureOf(activity(run).run(triggerCiBuild, { ...input, parameters }), CANARY);
    expect(failure).toMatchObject({ type: 'Refused', nonRetryable: true });
    expect(ci.builds).toEqual([]);
  });

  test.skipIf(kind.finds === 'by key')('can be asked whether it works, without being made', async () => {
    const { ci, config } = await setUp();
    const providers = activityProviders(depsOf(config));
    const settings = config.builds.it as Parameters<typeof openRemoteCi>[0];
    const builds = async (source: string, repository: string) =>
      (await providers.repository(source, repository))?.builds;
    const checked = await activity(run).run(() => openRemoteCi(settings, { name: 'it', builds }).check(), undefined);
    expect(checked?.works).toContain('reaches');
    expect(checked).not.toHaveProperty('lacks');
    expect(ci.received.every(({ method }) => method === 'GET')).toBe(true);
  });
});

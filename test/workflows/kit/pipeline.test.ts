import { join } from 'node:path';
import { inspect } from 'node:util';
import { WorkflowFailedError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../../src/paths.js';
import { FAKE_CIS, type FakeCi, HEAD, settingsOf, startFakeCi } from '../../support/fake-ci/index.js';
import { closers } from '../../support/harness/closers.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { runReceiver } from '../../support/harness/running-receiver.js';
import { push, sendPush } from '../../support/harness/send-push.js';
import { runWorker } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';
import { mergeGroupEvent, pullRequestEvent } from '../../triggers/sample-events.js';

const TOKEN = 'canary-ci-token-0123456789';
const HOOK = 'a webhook secret of some length';
const PATIENTLY = { timeout: 20_000 };

const { add, close } = closers();
const services = new Map<string, FakeCi>();
let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;

beforeAll(async () => {
  client = add(await testClient());
  for (const [kind, { protocol }] of Object.entries(FAKE_CIS))
    services.set(kind, add(await startFakeCi(protocol(TOKEN))));
  const entries = Object.entries(FAKE_CIS);
  const of = (name: string, calls: boolean) => {
    const kind = FAKE_CIS[name];
    if (!kind) throw new Error(`there is no ${name}`);
    return settingsOf(kind, services.get(name)?.url ?? '', { calls });
  };
  const builds = entries.flatMap(([name]) => [
    [name, of(name, false).build],
    [`${name}-calls`, of(name, true).build],
  ]);
  const sources = Object.assign({}, ...entries.map(([name]) => of(name, false).sources));
  installation = add(
    await openInstallation({
      name: 'pipeline',
      automations: join(packageRoot, 'test/workflows/kit/pipelines'),
      config: ({ receiver }) => ({
        server: { publicUrl: receiver },
        sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] }, ...sources },
        builds: Object.fromEntries(builds) as never,
      }),
      values: { HOOK, TOKEN, HOOKYARD_CALLBACK_KEY: 'k'.repeat(43) },
    }),
  );
  add(await runWorker(installation));
  add(await runReceiver(installation, client));
});
afterAll(close);

const commit = () =>
  unique('')
    .replace(/[^0-9a-f]/g, '')
    .padEnd(40, '0')
    .slice(0, 40);
/** Sends a push, and returns the run that it has started. */
async function run(branch: string, sha = commit()): Promise<string> {
  const sent = await sendPush(installation.address.url, { secret: HOOK, source: 'github', body: push(branch, sha) });
  expect(sent.body.runs).toHaveLength(1);
  return sent.body.runs?.[0] ?? '';
}
/** Has the source tell of a status of a commit. */
async function sendStatus(sha: string): Promise<void> {
  const { repository, sender } = JSON.parse(push('main')) as Record<string, object>;
  const body = JSON.stringify({
    ...{ id: 1, sha, name: 'acme/app', context: 'ci/build', state: 'success', description: null, target_url: null },
    ...{ commit: { sha, commit: { message: 'm', author: { name: 'Ada' } } }, branches: [], repository, sender },
  });
  const sent = await sendPush(installation.address.url, { secret: HOOK, source: 'github', event: 'status', body });
  expect(sent.status).toBe(202);
}
const handleOf = (id: string) => client.workflow.getHandle(id);
/** Returns the failure that a run ends with. */
const failureOf = async (id: string) => {
  const isThere = () =>
    handleOf(id)
      .describe()
      .then(Boolean, () => false);
  await expect.poll(isThere, PATIENTLY).toBe(true);
  const error: unknown = await handleOf(id)
    .result()
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return (error as WorkflowFailedError).cause as ApplicationFailure;
};

describe.each(Object.entries(FAKE_CIS))('a build at %s', (name, kind) => {
  const service = () => services.get(name) as FakeCi;
  const ended = (outcome: string) => Object.entries(kind.ends).find(([, end]) => end === outcome)?.[0] ?? '';
  const buildsOf = (id: string) =>
    service().builds.filter(({ parameters }) => parameters[kind.correlation]?.startsWith(`${id}/`));
  const made = async (id: string) => {
    await expect.poll(() => buildsOf(id).length, PATIENTLY).toBe(1);
    return buildsOf(id)[0] as FakeCi['builds'][number];
  };

  test('is triggered and asked for until it has ended, and its outcome is the run’s', async () => {
    const id = await run(`polled/${name}`);
    const build = await made(id);
    expect(build.parameters.BROWSER).toBe('firefox');
    build.word = ended('passed');
    expect(await handleOf(id).result()).toMatchObject({
      outcome: 'passed',
      steps: [{ what: `Build ${name}`, outcome: 'passed' }],
    });
  });

  test('whose answer was lost is found, and not made twice', async () => {
    service().faults.push('lost');
    const id = await run(`polled/${name}`);
    const build = await made(id);
    build.word = ended('failed');
    expect(await failureOf(id)).toMatchObject({ type: 'BuildFailed' });
    expect(buildsOf(id)).toHaveLength(1);
    // One whose service lists builds late is looked for a minute.
  }, 150_000);

  test('may call back: the first answer counts, and later ones are taken and ignored', async () => {
    const id = await run(`called/${name}`);
    const build = await made(id);
    const call = async (status: string) => {
      const body = JSON.stringify({ status });
      return (await fetch(build.parameters.HOOKYARD_CALLBACK ?? '', { method: 'POST', body })).status;
    };
    expect(await call('failed')).toBe(202);
    expect(await call('passed')).toBe(200);
    const failure = await failureOf(id);
    expect(failure).toMatchObject({ type: 'BuildFailed' });
    // The call named no page.
    expect(failure.message).not.toContain('undefined');
    expect(await call('passed')).toBe(200);
  });

  test('is looked at when its source tells of a status of its commit', async () => {
    const sha = commit();
    const id = await run(`reported/${name}`, sha);
    const build = await made(id);
    await expect.poll(() => installation.store.waits.list({ limit: 5, workflowId: id }), PATIENTLY).toHaveLength(1);
    build.word = ended('passed');
    await sendStatus(sha);
    expect(await handleOf(id).result()).toMatchObject({ outcome: 'passed' });
    expect(await installation.store.waits.list({ limit: 5, workflowId: id })).toEqual([]);
  });

  test('is cancelled with its run', async () => {
    const id = await run(`polled/${name}`);
    const build = await made(id);
    await handleOf(id).cancel();
    await expect.poll(() => build.cancelled, PATIENTLY).toBe(true);
    await expect.poll(async () => (await handleOf(id).describe()).status.name, PATIENTLY).toBe('CANCELLED');
  });

  test('is cancelled when it takes too long', async () => {
    const id = await run(`late/${name}`);
    const build = await made(id);
    await expect.poll(() => build.cancelled, PATIENTLY).toBe(true);
    expect((await failureOf(id)).message).toContain('not done within 1 second');
  });
});

describe('a build at GitLab, which builds the head of a branch,', () => {
  const service = () => services.get('gitlab') as FakeCi;
  const buildsOf = (id: string) =>
    service().builds.filter(({ parameters }) => parameters.HOOKYARD_BUILD?.startsWith(`${id}/`));
  const made = async (id: string) => {
    await expect.poll(() => buildsOf(id).length, PATIENTLY).toBe(1);
    return buildsOf(id)[0] as FakeCi['builds'][number];
  };

  afterEach(() => {
    service().blind = undefined;
  });

  test('is told the commit, and counts for that one', async () => {
    const id = await run('own/gitlab', HEAD);
    const build = await made(id);
    expect(build.parameters).toMatchObject({ HOOKYARD_COMMIT: HEAD, HOOKYARD_REF: 'refs/heads/own/gitlab' });
    build.word = 'success';
    expect(await handleOf(id).result()).toMatchObject({ outcome: 'passed' });
  });

  test('is cancelled, and fails its run, when the branch has gone on', async () => {
    const id = await run('own/gitlab', 'a'.repeat(40));
    expect((await failureOf(id)).message).toContain('of commit ccccccc and not of aaaaaaa');
    expect(buildsOf(id).map(({ cancelled }) => cancelled)).toEqual([true]);
  });

  test('does not pass by saying so when the branch has gone on', async () => {
    service().blind = { status: 503 };
    const id = await run('own/gitlab-calls', 'a'.repeat(40));
    const build = await made(id);
    const body = JSON.stringify({ status: 'passed' });
    expect((await fetch(build.parameters.HOOKYARD_CALLBACK ?? '', { method: 'POST', body })).status).toBe(202);
    service().blind = undefined;
    expect((await failureOf(id)).message).toContain('of commit ccccccc and not of aaaaaaa');
  });

  test('goes on where it can not be looked at after it has called back, and counts as it ends', async () => {
    const id = await run('both/gitlab', HEAD);
    const build = await made(id);
    const looks = () => service().received.filter(({ target }) => target.endsWith(`/pipelines/${build.id}`)).length;
    await expect.poll(looks, PATIENTLY).toBeGreaterThan(0);
    await expect.poll(() => installation.store.waits.list({ limit: 5, workflowId: id }), PATIENTLY).toHaveLength(1);
    service().blind = { status: 403 };
    const before = looks();
    const body = JSON.stringify({ status: 'passed' });
    expect((await fetch(build.parameters.HOOKYARD_CALLBACK ?? '', { method: 'POST', body })).status).toBe(202);
    await expect.poll(looks, PATIENTLY).toBeGreaterThan(before);
    const hasFailedToLook = async () => {
      const { events } = await handleOf(id).fetchHistory();
      return events?.some(({ activityTaskFailedEventAttributes: failed }) => failed) ?? false;
    };
    await expect.poll(hasFailedToLook, PATIENTLY).toBe(true);
    service().blind = undefined;
    build.word = 'success';
    await sendStatus(HEAD);
    expect(await handleOf(id).result()).toMatchObject({ outcome: 'passed' });
    expect(build.cancelled).toBe(false);
  });

  test('that was made though it was refused is cancelled', async () => {
    service().faults.push({ made: { status: 400, body: { message: 'something went wrong' } } });
    const id = await run('polled/gitlab');
    expect(inspect(await failureOf(id))).toContain('something went wrong');
    expect(buildsOf(id).map(({ cancelled }) => cancelled)).toEqual([true]);
  });

  test('is cancelled when it can not be asked for any more', async () => {
    const id = await run('polled/gitlab');
    const build = await made(id);
    service().blind = { status: 403 };
    expect(inspect(await failureOf(id))).toContain('answered 403: set builds.gitlab.token');
    expect(build.cancelled).toBe(true);
  });
});

test("code that may be a stranger's is built nowhere, unless its automation trusts it", async () => {
  const start = (automation: string, event: object) =>
    client.workflow.start(automation, {
      ...{ workflowId: unique(automation), taskQueue: installation.taskQueue },
      args: [event],
    });
  const builds = () => services.get('gitlab')?.builds ?? [];
  const before = builds().length;
  for (const [automation, event] of [
    ['strangers', pullRequestEvent()],
    ['strangers', mergeGroupEvent()],
    ['lookedUp', mergeGroupEvent()],
  ] as const) {
    const refused = await start(automation, event);
    const stranger = "the commit may be a stranger's";
    expect(await refused.result()).toMatchObject({
      outcome: 'failed',
      troubles: [
        expect.stringContaining(`Build gitlab: triggerBuild.pipeline(): ${stranger}`),
        expect.stringContaining(`GitHub Actions build.yml: triggerBuild.githubActions(): ${stranger}`),
      ],
    });
    expect(builds()).toHaveLength(before);
  }
  const ofHead = pullRequestEvent();
  const trusted = await start('trusted', { ...ofHead, commit: { ...ofHead.commit, sha: HEAD } });
  await expect.poll(() => builds().length, PATIENTLY).toBe(before + 1);
  Object.assign(builds().at(-1) ?? {}, { word: 'success' });
  expect(await trusted.result()).toMatchObject({ outcome: 'passed' });
});

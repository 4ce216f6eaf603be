import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Config } from '../../../src/config/config.js';
import { packageRoot } from '../../../src/paths.js';
import { lookNow } from '../../../src/worker/look-now.js';
import { reconcileSchedules } from '../../../src/worker/schedules.js';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { API_TOKEN } from '../../support/harness/place.js';
import { unique } from '../../support/temporal.js';
import { tellPush } from './github-system.js';
import { openSystem, type System } from './system.js';

const SECRET = 'a webhook secret for tests';
const [hubbed, off, bare, generic] = [unique('hub'), unique('off'), unique('bare'), unique('generic')];
let hub: FakeGithub;
let system: System;

beforeAll(async () => {
  hub = await startFakeGithub({ token: 'canary-token', secret: SECRET });
  const github = { kind: 'github' as const, secrets: [{ env: 'SECRET' }] };
  const api = { url: hub.url, token: { env: 'TOKEN' } };
  system = await openSystem({
    values: { SECRET, TOKEN: 'canary-token' },
    config: (receiver) => ({
      server: { publicUrl: receiver },
      sources: {
        [hubbed]: { ...github, api, reconcile: { every: '3 minutes', callsPerMinute: 6_000 } },
        [off]: { ...github, api, reconcile: false },
        [bare]: github,
        [generic]: { kind: 'stripe', secrets: [{ env: 'SECRET' }] },
      },
    }),
  });
});
afterAll(async () => {
  await system?.close();
  await hub?.close();
});

async function ask(path: string, body?: object) {
  const answer = await fetch(`${system.receiver.url}/api/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Runs `hookyard reconcile` against this receiver. */
async function commandLine() {
  const file = join(system.config.data, 'hookyard.config.ts');
  await writeFile(
    file,
    `import { defineConfig, env } from 'hookyard/config';
export default defineConfig({ sources: { any: { kind: 'github', secrets: [env('SECRET')] } } });
`,
  );
  return (...args: string[]) =>
    execa(
      process.execPath,
      [join(packageRoot, 'bin/hookyard.mjs'), 'reconcile', '--url', system.receiver.url, ...args],
      {
        extendEnv: false,
        env: {
          PATH: process.env.PATH,
          HOOKYARD_CONFIG: file,
          SECRET,
          HOOKYARD_API_TOKEN: API_TOKEN,
        },
        reject: false,
      },
    );
}

test('somebody with the API token has a source looked at, and reads what came of it', async () => {
  const hook = hub.addHook('/repos/acme/shop/hooks/7', `${system.receiver.url}/webhooks/${hubbed}`);
  const tell = (minutes: number) => tellPush(hook, 'shop', minutes);
  await tell(70);
  await system.receiver.down();
  await tell(90);
  const lost = await tell(60);
  await system.receiver.up();
  const run = `hookyardReconcile/${hubbed}/by-hand`;
  // 90 minutes ago is before what was asked for.
  const started = await ask('reconcile', { since: '80m' });
  expect(started).toEqual({ status: 200, body: { runs: [{ source: hubbed, run }] } });
  await expect
    .poll(async () => (await ask(`runs?id=${encodeURIComponent(run)}`)).body, { timeout: 25_000 })
    .toMatchObject({ status: 'completed', outcome: 'passed', result: { missing: 1, redelivered: 1, troubles: [] } });
  expect(await system.store.inbox.has(hubbed, [lost])).toEqual(new Set([lost]));
  expect(hub.redelivered).toBe(1);
});

test('the command line waits for the end, and tells what was found in words or as JSON', async () => {
  const hookyard = await commandLine();
  const json = await hookyard('--since', '2h', '--source', hubbed, '--json');
  expect(json.exitCode).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({ source: hubbed, status: 'completed', result: { troubles: [] } });
  const words = await hookyard('--since', '2h');
  expect(words.stdout).toMatch(new RegExp(`^${hubbed}: \\d+ seen, 0 missing, 0 sent again, 0 taken in, 0 refused$`));
  const wrong = await hookyard('--since', '2h', '--source', 'nobody');
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain('There is no source "nobody"');
});

test('a look that was asked for while one that goes back less far is under way begins after it', async () => {
  const hook = hub.addHook('/repos/acme/late/hooks/9', `${system.receiver.url}/webhooks/${hubbed}`);
  const tell = (minutes: number) => tellPush(hook, 'late', minutes);
  await tell(5);
  await system.receiver.down();
  const long = await tell(100);
  const short = await tell(10);
  await system.receiver.up();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  hub.onRedelivery = () => held;
  try {
    await ask('reconcile', { since: '30m', source: hubbed });
    const hookyard = await commandLine();
    const second = hookyard('--since', '2h', '--source', hubbed);
    let said = '';
    second.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await expect.poll(() => said, { timeout: 20_000 }).toContain('begins after it');
    release();
    expect((await second).exitCode).toBe(0);
    expect(await system.store.inbox.has(hubbed, [long, short])).toEqual(new Set([long, short]));
  } finally {
    release();
    hub.onRedelivery = () => undefined;
  }
});

test.each([
  ['no body', undefined, 400],
  ['no time', { source: hubbed }, 400],
  ['a time that is none', { since: 'yesterday' }, 400],
  ['an unknown option', { since: '2h', all: true }, 400],
  ['a source that is not there', { since: '2h', source: 'nobody' }, 404],
  ['a source where it is off', { since: '2h', source: off }, 409],
  ['a source without credentials', { since: '2h', source: bare }, 409],
  ['a source that is no Git provider', { since: '2h', source: generic }, 409],
])('%s is refused', async (_, body, status) => {
  const answer = await ask('reconcile', body ?? {});
  expect(answer.status).toBe(status);
  expect(answer.body.error).toEqual(expect.any(String));
});

test('there is one Schedule for each source that can be looked at, and it goes when that ends', async () => {
  const { client, config } = system;
  const deps = { client, taskQueue: unique('schedules'), log: { info: () => undefined } as never };
  const mine = async () => {
    const ids: string[] = [];
    for await (const { scheduleId } of client.schedule.list())
      if (scheduleId.startsWith(`hookyard/${deps.taskQueue}/`)) ids.push(scheduleId);
    return ids;
  };
  const id = `hookyard/${deps.taskQueue}/hookyardReconcile/${hubbed}`;
  await reconcileSchedules(deps, [], config.sources);
  await expect.poll(mine, { timeout: 20_000 }).toEqual([id]);
  // It looks when it is made, and again when a receiver starts.
  const looks = async () => (await client.schedule.getHandle(id).describe()).info.numActionsTaken;
  await expect.poll(looks, { timeout: 20_000 }).toBe(1);
  const { spec, action, policies } = await client.schedule.getHandle(id).describe();
  expect(spec.intervals).toEqual([expect.objectContaining({ every: 180_000 })]);
  expect(policies.overlap).toBe('SKIP');
  expect(action).toMatchObject({ workflowType: 'hookyardReconcile', args: [{ source: hubbed }] });
  const known = config.sources[hubbed] as Extract<Config['sources'][string], { kind: 'github' }>;
  await reconcileSchedules(deps, [], { [hubbed]: { ...known, reconcile: false } });
  await expect.poll(mine, { timeout: 20_000 }).toEqual([]);
});

test('a receiver that starts has each Schedule look at once, but none that is paused, and none that is not there', async () => {
  const { client, config } = system;
  const deps = { client, taskQueue: unique('schedules'), log: { info: () => undefined } as never };
  expect(await lookNow(deps, config.sources)).toEqual([]);
  await reconcileSchedules(deps, [], config.sources);
  const id = `hookyard/${deps.taskQueue}/hookyardReconcile/${hubbed}`;
  expect(await lookNow(deps, config.sources)).toEqual([id]);
  const schedule = client.schedule.getHandle(id);
  await schedule.pause();
  expect(await lookNow(deps, config.sources)).toEqual([]);
  await schedule.delete();
});

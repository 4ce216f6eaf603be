import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pushPayload } from '../../../src/cli/samples/github.js';
import { packageRoot } from '../../../src/paths.js';
import { closers } from '../../support/harness/closers.js';
import { startServer } from '../../support/harness/http-server.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { type RunningReceiver, runReceiver } from '../../support/harness/running-receiver.js';
import { sendPush } from '../../support/harness/send-push.js';
import { runWorker } from '../../support/harness/worker.js';
import { startSkippingTemporal } from '../../support/skipping-temporal.js';
import { tempFolder } from '../../support/temp-folder.js';

/*
 * Time in which a run only waits is skipped: what people do in it, they do while they are asked, before Slack answers.
 */
const SECRET = 'a secret of the approvals tests';
const AUTOMATIONS = ['automations/deploy.ts', 'test/e2e/approvals/four-hours.ts'];
const PATIENTLY = { timeout: 150_000, interval: 100 };
const DAY_MS = 24 * 3_600_000;

const { add, close } = closers();
let installation: Installation;
let receiver: RunningReceiver;
let repository: TestRepository;
/** What the repository's roll-outs write to, and the file without which one to production does not end. */
let out = '';
let go = '';
/** What people do when a run asks them, by its workflow id: at first, and at each reminder. */
let whenAsked: (run: string, reminder: number, text: string) => Promise<unknown> = async () => undefined;
const asked = new Map<string, number>();

beforeAll(async () => {
  const temporal = add(await startSkippingTemporal());
  const slack = add(
    await startServer(async ({ body }) => {
      const { text } = body as { text: string };
      const run = /hookyard approve (\S+)/.exec(text)?.[1] ?? '';
      const reminder = asked.get(run) ?? 0;
      asked.set(run, reminder + 1);
      await whenAsked(run, reminder, text);
      return { status: 200, body: 'ok' };
    }),
  );
  const automations = await tempFolder('automations');
  for (const file of AUTOMATIONS)
    await copyFile(join(packageRoot, file), join(automations, file.split('/').at(-1) ?? ''));
  installation = add(
    await openInstallation({
      name: 'approvals',
      automations,
      values: { SECRET, SLACK: slack.url, HOOKYARD_API_TOKEN: 'api token', HOOKYARD_CALLBACK_KEY: 'k'.repeat(43) },
      config: ({ folder, receiver: publicUrl }) => ({
        server: { publicUrl },
        sources: {
          github: {
            kind: 'github',
            secrets: [{ env: 'SECRET' }],
            clone: { url: `${folder}/repositories/{fullName}.git` },
          },
        },
        channels: { slack: { releases: { url: { env: 'SLACK' } } } },
      }),
    }),
  );
  out = join(installation.folder, 'out');
  go = join(installation.folder, 'go');
  repository = await openRepository(installation.folder);
  const wait = `while [ $1 = production ] && [ ! -e ${go} ]; do sleep 0.1; done`;
  const name = { name: 'shop', version: '1.0.0' };
  await repository.commit({
    'package.json': JSON.stringify({ ...name, scripts: { deploy: 'sh deploy.sh' } }),
    'package-lock.json': JSON.stringify({ ...name, lockfileVersion: 3, requires: true, packages: { '': name } }),
    'deploy.sh': `echo "$1 $(cat version)" >> ${out}\n${wait}\n`,
  });
  add(await runWorker(installation, { address: temporal.address, letOn: () => receiver.wake() }));
  receiver = add(await runReceiver(installation, temporal.client));
}, 120_000);
afterAll(close);

let version = 0;
/** Commits and delivers a push by Anna. Returns the workflow id of its run, and what is written of its roll-outs. */
async function pushed(branch: string) {
  version += 1;
  const sha = await repository.commit({ version: String(version) }, branch);
  const body = pushPayload({
    ...{ repository: 'acme/app', ref: `refs/heads/${branch}`, before: '1'.repeat(40), after: sha },
    ...{ message: `version ${version}`, files: ['version'] },
  });
  const sent = await sendPush(receiver.url, {
    ...{ secret: SECRET, source: 'github', branch },
    body: JSON.stringify({ ...JSON.parse(body), sender: { login: 'anna', id: 1, type: 'User' } }),
  });
  expect(sent.status).toBe(202);
  const [run = ''] = sent.body.runs ?? [];
  return { sha, run, staging: `staging ${version}`, production: `production ${version}` };
}

interface Shown {
  readonly status: string;
  readonly outcome?: string;
  readonly approvals?: { state: string; given: object[]; askedAt: string; endedAt: string; because?: string }[];
}

const api = async (path: string, body?: object) => {
  const answer = await fetch(`${receiver.url}/api/${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { authorization: 'Bearer api token', 'content-type': 'application/json' },
  });
  return (await answer.json()) as Shown;
};
const look = (run: string) => api(`runs?id=${encodeURIComponent(run)}`);
const answer = (run: string, what: 'approve' | 'reject', body: object) =>
  api(`runs/${what}?id=${encodeURIComponent(run)}`, body);
const approvalOf = (run: string) => async () => (await look(run)).approvals?.[0]?.state;
const statusOf = (run: string) => async () => (await look(run)).status;
/** Waits until the approval of a run is so. */
const becomes = (run: string, state: string) => expect.poll(approvalOf(run), PATIENTLY).toBe(state);
const ends = (run: string) => expect.poll(statusOf(run), PATIENTLY).toBe('completed');
const done = async () => (await readFile(out, 'utf8').catch(() => '')).trim().split('\n');
const press = (link: string) => fetch(link, { method: 'POST', body: new URLSearchParams({ answer: 'approve' }) });

test('deploy: staging, the approval of a second person after three days, production to its end while a newer push waits behind it', async () => {
  whenAsked = async (run, reminder) => {
    if (reminder < 3) return;
    // The author alone is not enough, by whatever name.
    await answer(run, 'approve', { by: 'Anna' });
    await answer(run, 'approve', { by: 'bea' });
    await becomes(run, 'approved');
  };
  const first = await pushed('production');
  await expect.poll(done, PATIENTLY).toEqual([first.staging, first.production]);
  const [approved] = (await look(first.run)).approvals ?? [];
  expect(approved).toMatchObject({ state: 'approved', given: [{ login: 'bea', how: 'operator', sha: first.sha }] });
  expect(Date.parse(approved?.endedAt ?? '') - Date.parse(approved?.askedAt ?? '')).toBeGreaterThanOrEqual(3 * DAY_MS);
  const second = await pushed('production');
  await expect.poll(statusOf(second.run), PATIENTLY).toBe('waiting');
  expect(await done()).not.toContain(second.staging);

  // A newer push is another change: what was asked for the older one is void.
  let newer: ReturnType<typeof pushed> | undefined;
  whenAsked = async (run) => {
    if (run !== second.run)
      return answer(run, 'reject', { by: 'bea', why: 'not before Monday' }).then(() => becomes(run, 'rejected'));
    // Once: Slack is asked again where this takes longer than its answer is waited for.
    newer ??= pushed('production');
    await newer;
    return becomes(run, 'outdated');
  };
  await writeFile(go, '');
  await ends(first.run);
  expect(await look(first.run)).toMatchObject({ outcome: 'passed' });
  await ends(second.run);
  expect((await look(second.run)).approvals).toMatchObject([
    { state: 'outdated', because: expect.stringContaining('pushed') },
  ]);
  const third = await newer;
  await ends(third?.run ?? '');
  expect((await look(third?.run ?? '')).approvals).toMatchObject([
    { because: 'rejected by the operator bea: not before Monday' },
  ]);

  whenAsked = async () => undefined;
  const fourth = await pushed('production');
  await becomes(fourth.run, 'expired');
  await ends(fourth.run);
  expect(await done()).toEqual([first.staging, first.production, second.staging, third?.staging, fourth.staging]);
}, 480_000);

test('staging in turns, then production after another person has pressed a link within four hours; who is late deploys nothing', async () => {
  await writeFile(go, '');
  let link = '';
  const linkIn = (text: string) => /http\S+/.exec(text)?.[0] ?? '';
  let pressed: ReturnType<typeof press> | undefined;
  whenAsked = async (run, reminder, text) => {
    if (reminder < 3) return;
    pressed ??= press(linkIn(text));
    expect((await pressed).status).toBe(200);
    await becomes(run, 'approved');
  };
  const first = await pushed('main');
  await ends(first.run);
  expect((await done()).slice(-2)).toEqual([first.staging, first.production]);
  expect((await look(first.run)).approvals).toMatchObject([{ given: [{ login: 'bea', how: 'link', sha: first.sha }] }]);

  whenAsked = async (_run, _reminder, text) => {
    link = linkIn(text);
  };
  const second = await pushed('main');
  await ends(second.run);
  expect((await look(second.run)).approvals).toMatchObject([{ state: 'expired', given: [] }]);
  expect((await press(link)).status).toBe(410);
  expect((await done()).at(-1)).toBe(second.staging);
  const written = await readFile(join(packageRoot, 'test/e2e/approvals/four-hours.ts'), 'utf8');
  expect(written.trim().split('\n').length).toBeLessThanOrEqual(25);
}, 480_000);

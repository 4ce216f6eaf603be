import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HookyardProcess } from '../support/harness/process.js';
import { openRepository, type TestRepository } from '../support/harness/repository.js';
import { push, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';
import { workerProcessOf } from '../support/harness/worker-process.js';
import { testClient } from '../support/temporal.js';

/** Step 3 never ends in the first attempt, and leaves half of what it writes. */
const AUTOMATIONS = `
import { automation, push, runJob } from 'hookyard/workflow';

const COMMIT = 'git -c user.name=T -c user.email=t@t.invalid commit -qam "of two"';
const five = (snapshot) => [
  { name: 'one', run: 'echo "ran one"; echo 1 > one; echo "version=7" >> "$HOOKYARD_OUTPUT"; echo "of one" >> "$HOOKYARD_SUMMARY"' },
  { name: 'two', run: 'echo "ran two"; cat one > two; echo changed > word.txt; rm gone.txt; mkdir empty; ' + COMMIT, snapshot },
  { name: 'three', run: 'echo "ran three"; echo half >> three; test "$HOOKYARD_ATTEMPT" != 1 || sleep 300; cat three' },
  { name: 'four', run: 'echo "ran four"; echo "has $(cat one two word.txt | tr "\\\\n" " ")$HOOKYARD_OUTPUT_VERSION"; ls; git log -1 --format=%s' },
  { name: 'five', run: 'echo "ran five"' },
];

export const snapped = automation({ on: push({ branches: ['snapped'] }) }, async (event) => {
  const { attempt, tries } = await runJob(event, { name: 'build', steps: five(true), attempts: 2 });
  if (attempt !== 2 || tries !== 1) throw new Error('attempt ' + attempt + ', try ' + tries);
});

export const plain = automation({ on: push({ branches: ['plain'] }) }, async (event) => {
  await runJob(event, { name: 'build', steps: five(false) });
});
`;

let site: Site;
let client: Awaited<ReturnType<typeof testClient>>;
let server: HookyardProcess;
let worker: HookyardProcess;
let repository: TestRepository;

beforeAll(async () => {
  site = await openSite();
  repository = await openRepository(site.folder);
  client = await testClient();
  await site.write('automations/own.ts', AUTOMATIONS);
  server = await site.start('server');
  worker = await site.start('worker');
}, 120_000);
afterAll(async () => {
  await site?.close();
  await client?.close();
});

const logged = (run: string) => site.logs(server.url, { run, job: 'build' });

/** Returns how often each step ran, as the log tells. */
const table = (lines: readonly string[]) =>
  Object.fromEntries(
    ['one', 'two', 'three', 'four', 'five'].map((step) => [
      step,
      lines.filter((line) => line === `ran ${step}`).length,
    ]),
  );

/** Starts a job, kills its worker's process in step 3, and returns the log of the job once its run has passed. */
async function killedInThree(branch: string, kill: () => Promise<void>) {
  const sha = await repository.commit({ 'word.txt': 'the word is here', 'gone.txt': '' }, branch);
  const sent = await sendPush(server.url, { secret: site.secret, source: site.source, body: push(branch, sha) });
  const [run = ''] = sent.body.runs ?? [];
  await expect.poll(() => logged(run), { timeout: 60_000, interval: 200 }).toContain('ran three');
  await kill();
  expect(await client.workflow.getHandle(run).result()).toMatchObject({ outcome: 'passed' });
  return { run, lines: await logged(run) };
}

/** Returns the id of the process that works. */
function workerProcess(): number {
  const pid = workerProcessOf(worker.pid);
  if (pid === undefined) throw new Error('there is no worker process');
  return pid;
}

const killProcess = async () => void process.kill(workerProcess(), 'SIGKILL');

test('a worker killed in step 3 of 5: the job goes on after the snapshot of step 2, with its files and outputs, and that is no retry', async () => {
  const { run, lines } = await killedInThree('snapped', killProcess);
  expect(table(lines)).toEqual({ one: 1, two: 1, three: 2, four: 1, five: 1 });
  expect(lines).toContain('goes on in its last snapshot, after step 2 of 5');
  expect(lines.find((line) => line.startsWith('snapshot after step 2: '))).toMatch(/ files, [\d.]+ MB, in [\d.]+ s$/);
  // What the first attempt of step 3 wrote is not there.
  expect(lines.filter((line) => line === 'half')).toHaveLength(1);
  const four = lines.indexOf('has 1 1 changed 7');
  expect(lines.slice(four + 1, four + 7)).toEqual(['empty', 'one', 'three', 'two', 'word.txt', 'of two']);
  const { currentDetails } = await client.workflow
    .getHandle(run)
    .query<{ currentDetails: string }>('__temporal_workflow_metadata');
  for (const step of ['one', 'two', 'three', 'four', 'five']) expect(currentDetails).toContain(`↳ ${step}: passed`);
  expect(currentDetails).toContain('of one');
  // Of a job that has ended none is needed.
  expect(await readdir(join(site.data, 'snapshots'))).toEqual([]);
}, 180_000);

test('a machine that was killed as a whole, and is started again, goes on in the same way; without snapshots the job begins anew', async () => {
  const { lines } = await killedInThree('snapped', async () => {
    const pid = workerProcess();
    const stopped = worker.kill('SIGKILL');
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has seen that nobody is there any more, and ended.
    }
    await stopped;
    worker = await site.start('worker');
  });
  expect(table(lines)).toEqual({ one: 1, two: 1, three: 2, four: 1, five: 1 });
  const without = await killedInThree('plain', killProcess);
  expect(table(without.lines)).toEqual({ one: 2, two: 2, three: 2, four: 1, five: 1 });
  expect(without.lines.join('\n')).not.toContain('snapshot');
}, 240_000);

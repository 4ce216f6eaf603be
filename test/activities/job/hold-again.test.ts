import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GoOnFrom, HeldJob, HoldJobInput, JobReady } from '../../../src/activities/contract/index.js';
import { createArtifactBook } from '../../../src/activities/job/artifacts/artifact-book.js';
import { createHeldJobs } from '../../../src/activities/job/hold-job.js';
import { hashOf } from '../../../src/runs/hash.js';
import { activity, type Jobs, openJobs } from '../../support/harness/jobs.js';

type Files = Pick<HoldJobInput, 'caches' | 'artifacts' | 'needs'>;

interface Asked extends Files {
  readonly name?: string;
  readonly steps: readonly string[];
  readonly checkout?: Partial<HoldJobInput['checkout']>;
  readonly trust?: true;
  readonly run?: string;
  /** The run that it goes on from. */
  readonly from?: string;
}

const log = pino({ level: 'silent' });
const FORK = { ref: 'refs/heads/main', untrusted: true as const };
const SITE = { name: 'site', paths: ['site'] };
const CACHE = { key: ['modules'], paths: ['modules'] };
let jobs: Jobs;

beforeAll(async () => {
  jobs = await openJobs({ jobs: { keepFailedDays: 1 } });
  await jobs.commit({ 'word.txt': 'first\n' });
  await jobs.git('push', '--quiet', `${jobs.folder}/repositories/acme/app.git`, 'HEAD:refs/tags/v1');
});
afterAll(() => jobs.close());

/** Does a job as its run would: each step until one fails, whose workspace is kept. Returns what its run is told, and what its log says. */
async function done({
  name = 'test',
  steps: lines,
  run = `ci/github/${randomUUID()}`,
  from,
  checkout,
  ...more
}: Asked) {
  const { config, store } = jobs;
  const held = createHeldJobs({ config, store, log, reportPending: async () => {} });
  const steps = lines.map((line, i) => ({ name: `step ${i + 1}`, run: line }));
  const around = {
    ...{ workflowExecution: { workflowId: run, runId: randomUUID() }, workflowType: 'ci' },
    ...{ taskQueue: 'jobs', heartbeatTimeoutMs: 10_000, startToCloseTimeoutMs: 900_000 },
  };
  let tell: (ready: JobReady) => void = () => undefined;
  const told = new Promise<JobReady>((resolve) => {
    tell = resolve;
  });
  const client = {
    workflow: { getHandle: () => ({ signal: async (_: string, ready: JobReady) => tell(ready) }) },
    withAbortSignal: (_: AbortSignal, work: () => unknown) => work(),
  } as unknown as Client;
  const { steps: _, ...input } = await jobs.input({ name, steps: [], ...(checkout && { checkout }) });
  const goesOn: GoOnFrom | undefined =
    from === undefined
      ? undefined
      : { run: from, steps: [], stepHashes: steps.map((step) => hashOf(step)), writtenHash: hashOf(lines) };
  const asked = { ...input, id: `${name} 1`, steps: steps.length, afterMs: 1_000, ...more };
  const holding = activity(around, client).run(held.holdJob, { ...asked, ...(goesOn && { from: goesOn }) });
  const ready = await Promise.race([told, holding.then(() => undefined)]);
  const ran: string[] = [];
  if (ready) {
    const { workspace } = ready;
    const first = (ready.done ?? []).length + 1;
    let failedAt: number | undefined;
    for (const [i, step] of steps.entries()) {
      if (i + 1 < first || failedAt !== undefined) continue;
      ran.push(step.run);
      const work = activity(around).run(held.runStep, { workspace, step, number: i + 1, attempt: 1 });
      await work.catch(() => {
        failedAt = i + 1;
      });
    }
    if (failedAt !== undefined) await activity(around).run(held.keepJob, { workspace, failedAt, steps });
    const result = {
      steps: steps.map((one) => ({ name: one.name, outcome: 'passed' as const, durationMs: 1 })),
      outputs: {},
    };
    const passed = { saves: true as const, passed: { steps: [], stepsHash: hashOf(lines), result, tries: 1 } };
    await activity(around).run(held.closeJob, { workspace, ...(failedAt === undefined && passed) });
  }
  const came: HeldJob = await holding;
  const all = await store.logs.read({ workflowId: run, job: name }, { after: 0, limit: 500 });
  const texts = (isNote: boolean) => all.filter(({ stream }) => (stream === 'note') === isNote).map(({ text }) => text);
  return { run, came, ran, notes: texts(true), printed: texts(false) };
}

/** Keeps an artifact `site` of a run, by a job of its own. */
const keepSite = (more: Partial<Asked> = {}) =>
  done({ name: 'build', steps: ['mkdir site; echo hello > site/index.html'], artifacts: [SITE], ...more });
const book = () => createArtifactBook(jobs.store.records);

test('a failed job whose author has added what it needs begins anew with that in its checkout', async () => {
  const { run: built } = await keepSite();
  const steps = ['echo made > made', 'cat site/index.html'];
  const first = await done({ steps });
  const again = await done({ steps, from: first.run, needs: [{ name: 'site', run: built }] });
  expect(again.notes).toContain(`begins with its first step: what it needs has changed since ${first.run}`);
  expect(again.ran).toEqual(steps);
  expect(again.printed).toEqual(['hello']);
});

test("a job that goes on without a need for a stranger's files has none of them, and may save what it keeps as its own", async () => {
  const { run: stranger } = await keepSite({ checkout: FORK, trust: true });
  const steps = ['mkdir -p own modules; echo own > own/file; test ! -e site || cp -r site own', 'test ! -e site'];
  const files = { caches: [CACHE], artifacts: [{ name: 'own', paths: ['own'] }] };
  const needs = [{ name: 'site', run: stranger, untrusted: true as const }];
  const first = await done({ steps, ...files, needs });
  expect(await book().of(first.run)).toMatchObject([{ name: 'own', untrusted: true }]);
  const again = await done({ steps, ...files, from: first.run });
  expect(again.ran).toEqual(steps);
  expect(await book().of(again.run)).toMatchObject([{ name: 'own' }]);
  expect((await book().of(again.run))[0]).not.toHaveProperty('untrusted');
  expect(again.came.caches).toMatchObject([{ saved: {} }]);
});

test('a failed job begins anew where an artifact that it needs was made anew since', async () => {
  const first = await keepSite();
  const steps = ['cat site/index.html', 'test -e ok'];
  const needs = [{ name: 'site' }];
  await done({ run: first.run, steps, needs });
  const again = await keepSite({ steps: ['mkdir site; echo other > site/index.html'] });
  const { ran, printed } = await done({ run: again.run, from: first.run, steps, needs });
  expect(ran).toEqual(steps);
  expect(printed).toEqual(['other']);
});

test('where the first step has failed, the workspace that it has left stays as it is: nothing is placed or restored over it', async () => {
  const { run: built } = await keepSite();
  const caches = [{ ...CACHE, key: ['taken-up'] }];
  await done({ name: 'install', steps: ['mkdir modules; echo cached > modules/file'], caches });
  const steps = ['echo mine | tee site/index.html > modules/file; test -e ok'];
  const files = { needs: [{ name: 'site', run: built }], caches };
  const first = await done({ steps, ...files });
  const { notes } = await done({ steps, ...files, from: first.run });
  expect(notes).toContain(`goes on in the workspace of ${first.run}, with step 1 of 1`);
  expect(notes).toContain('cache taken-up: not restored: the job goes on in a workspace that earlier steps have left');
  expect(notes.filter((text) => text.includes('placed'))).toEqual([]);
});

test.each([
  ['set git up', 'git config user.name ci', 'git config user.name', 'ci'],
  ["removed git's own folder", 'rm -rf .git', 'test -e .git && echo there || echo none', 'none'],
])('where a step has %s, it is so where the job goes on', async (_, first, looks, said) => {
  const steps = [first, `${looks}; test -e ok`];
  const failed = await done({ steps });
  const again = await done({ steps, from: failed.run });
  expect(again.ran).toEqual(steps.slice(1));
  expect(again.printed).toEqual([said]);
});

test.each([
  ['added', 'echo new > made && git add made', 'git diff --cached --quiet'],
  ['announced', 'echo new > made && git add --intent-to-add made', 'git diff --quiet'],
  ['removed', 'git rm -q --cached word.txt', 'git diff --cached --quiet'],
])(
  'a failed job begins anew where steps have %s files in git: going on there, it would pass',
  async (_, stage, look) => {
    const steps = [stage, look];
    const { run, notes } = await done({ steps });
    expect(notes).toContainEqual(expect.stringContaining('since steps have made or fetched commits, tags or staged'));
    const again = await done({ steps, from: run });
    expect(again.notes).toContainEqual(
      expect.stringMatching(/^begins with its first step: .* staged changes that steps/),
    );
    expect(again.ran).toEqual(steps);
  },
);

/** With the tags as they are now. */
const tagged = () => ({ since: new Date().toISOString() });
test.each([
  ['made a tag that git has packed', 'git tag v2 && git pack-refs --all', '! git rev-parse -q --verify refs/tags/v2'],
  ['removed a tag', 'git tag -d v1', 'git rev-parse -q --verify refs/tags/v1'],
])('a failed job begins anew where steps have %s: going on there, it would pass', async (_, first, look) => {
  const steps = [first, look];
  const { run } = await done({ steps, checkout: tagged() });
  const again = await done({ steps, from: run, checkout: tagged() });
  expect(again.notes).toContainEqual(expect.stringMatching(/^begins with its first step: the commits, tags or /));
  expect(again.ran).toEqual(steps);
});

test('a failed job goes on where git has only packed the tags that it was checked out with', async () => {
  const steps = ['git rev-parse refs/tags/v1 && git pack-refs --all', 'false'];
  const { run } = await done({ steps, checkout: tagged() });
  expect((await done({ steps, from: run, checkout: tagged() })).ran).toEqual(['false']);
});

test('a failed job goes on where git has only looked at what steps have changed', async () => {
  const steps = ['echo other > word.txt; git add word.txt; git reset -q; git status', 'false'];
  const { run } = await done({ steps });
  expect((await done({ steps, from: run })).ran).toEqual(['false']);
});

test('a job that has passed counts in a run that goes on, as long as what it has kept is there', async () => {
  const first = await keepSite();
  const steps = ['mkdir site; echo hello > site/index.html'];
  const counts = await keepSite({ from: first.run });
  expect(counts.ran).toEqual([]);
  expect(await book().of(counts.run)).toMatchObject([{ name: 'site' }]);
  const [artifact] = await book().of(counts.run);
  if (!artifact) throw new Error('nothing was kept');
  await book().note({ ...artifact, savedAt: artifact.savedAt + 1, expiresAt: Date.now() - 1 });
  const again = await keepSite({ from: counts.run });
  expect(again.ran).toEqual(steps);
  expect(again.notes).toContain(
    `begins with its first step, though it has passed in ${counts.run}: its artifact site has expired, or was removed`,
  );
  const more = await keepSite({ from: again.run, artifacts: [SITE, { name: 'index', paths: ['site/index.html'] }] });
  expect(more.ran).toEqual(steps);
  expect(await book().of(more.run)).toHaveLength(2);
});

test('a job that has passed counts, whatever of its artifacts was not there to be kept', async () => {
  const artifacts = [SITE, { name: 'crashes', paths: ['crashes/**'] }];
  const first = await keepSite({ artifacts });
  expect(await book().of(first.run)).toMatchObject([{ name: 'site' }]);
  expect((await keepSite({ artifacts, from: first.run })).ran).toEqual([]);
});

test('a job that has passed runs again where the artifact that it needs is another one by now', async () => {
  const first = await keepSite();
  const check = { name: 'check', steps: ['cat site/index.html'], needs: [{ name: 'site' }] };
  await done({ ...check, run: first.run });
  const same = await keepSite({ from: first.run });
  expect((await done({ ...check, run: same.run, from: first.run })).ran).toEqual([]);
  const other = await keepSite({ steps: ['mkdir site; echo other > site/index.html'] });
  const again = await done({ ...check, run: other.run, from: same.run });
  expect(again.printed).toEqual(['other']);
  expect(again.notes).toContain(
    `begins with its first step, though it has passed in ${same.run}: the artifact site that it needs is another one`,
  );
});

test('what the log of a failed job says to be typed has the id of its run as one word', async () => {
  const run = `pay/shop/$(reboot);${randomUUID()}`;
  const { notes } = await done({ run, steps: ['exit 1'] });
  expect(notes).toContainEqual(
    expect.stringContaining(
      `hookyard rerun '${run}' --from-failed goes on there, hookyard shell '${run}' opens a shell`,
    ),
  );
});

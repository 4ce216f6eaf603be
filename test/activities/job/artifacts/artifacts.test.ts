import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArtifactAsked, ArtifactNeeded, RunJobInput } from '../../../../src/activities/contract/index.js';
import { createArtifactBook } from '../../../../src/activities/job/artifacts/artifact-book.js';
import type { ArtifactDeps } from '../../../../src/activities/job/artifacts/job-artifacts.js';
import { keepArtifacts } from '../../../../src/activities/job/artifacts/keep-artifacts.js';
import { placeArtifacts } from '../../../../src/activities/job/artifacts/place-artifacts.js';
import { createArtifactSweep } from '../../../../src/activities/job/artifacts/sweep-artifacts.js';
import { createKeptFiles } from '../../../../src/activities/job/kept-files.js';
import { createWithJob, type OpenJob } from '../../../../src/activities/job/open-job.js';
import { runStep } from '../../../../src/activities/job/run-step.js';
import { artifactStorage } from '../../../../src/storage/places.js';
import { namesRepository } from '../../../../src/store/names-repository.js';
import { activity, type Jobs, openJobs } from '../../../support/harness/jobs.js';
import { inSandbox } from '../../../support/harness/needs-sandbox.js';

const SITE = { name: 'site', paths: ['site'] };
const MAKE =
  'mkdir -p site/css; echo hello > site/index.html; echo red > site/css/all.css; ln -s index.html site/start';
const FORK = { untrusted: true as const, defaultBranch: 'main' };

let jobs: Jobs;
let deps: ArtifactDeps;
beforeAll(async () => {
  jobs = await openJobs({}, {});
  await jobs.commit({ 'word.txt': 'hello\n' });
  const { config, store } = jobs;
  const log = pino({ level: 'silent' });
  deps = { config, log, storage: artifactStorage(config.data), book: createArtifactBook(store.records) };
});
afterAll(() => jobs?.close());

interface Ran {
  readonly run?: string;
  readonly keeps?: ArtifactAsked | readonly ArtifactAsked[];
  readonly needs?: readonly ArtifactNeeded[];
  readonly steps?: readonly string[];
  readonly checkout?: Partial<RunJobInput['checkout']>;
  readonly trust?: true;
  readonly with?: Partial<ArtifactDeps>;
  readonly onOpen?: (job: OpenJob) => Promise<unknown>;
}

/** Runs a job as hosts do, whose steps pass. */
async function ran({ run = `ci/github/${randomUUID()}`, keeps = [], needs = [], steps = [], ...how }: Ran) {
  const { config, store } = jobs;
  const log = pino({ level: 'silent' });
  const gracePeriods = { interruptMs: 400, terminateMs: 400 };
  const withJob = createWithJob({ config, store, log, gracePeriods, reportPending: async () => undefined });
  const { checkout = {}, trust } = how;
  const input = { ...(await jobs.input({ steps: [], checkout, ...(trust && { trust }) })), steps: steps.length };
  const around = activity({ workflowExecution: { workflowId: run, runId: 'r' }, workflowType: 'ci' });
  const results = await around.run(
    () =>
      withJob(input, async (job) => {
        const { cancellationSignal: signal } = Context.current();
        await how.onOpen?.(job);
        const used = { ...deps, ...how.with };
        await placeArtifacts(used, { job, run }, { needed: needs, signal });
        for (const [i, line] of steps.entries()) {
          const step = { name: `step ${i + 1}`, run: line };
          const { outcome } = await runStep(job, { step, number: i + 1, attempt: 1, signal });
          if (outcome !== 'passed') throw new Error(`"${line}" did not pass: ${job.facts().tail}`);
        }
        return keepArtifacts(used, { job, run }, { asked: [keeps].flat() as ArtifactAsked[], signal });
      }),
    undefined,
  );
  const lines = await store.logs.read({ workflowId: run, job: 'test' }, { after: 0, limit: 500 });
  const notes = lines.filter(({ text }) => text.startsWith('artifact')).map(({ text }) => text);
  return { run, results, notes, printed: lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text) };
}

/** Unpacks what is kept, and returns the folder. */
async function unpacked(run: string, name: string): Promise<string> {
  const found = await deps.book.find(run, name);
  const folder = join(jobs.folder, randomUUID());
  await mkdir(folder);
  const use = (file: string) => execa('tar', ['-xzf', file, '-C', folder]);
  await deps.storage.use(found?.hash ?? '', { use, signal: new AbortController().signal });
  return folder;
}

test('what the paths of a job hold is kept beside its run, each file where it lay below the checkout', async () => {
  const { run, results, notes } = await ran({ keeps: SITE, steps: [MAKE] });
  expect(results).toEqual([{ name: 'site', kept: { bytes: expect.any(Number), files: 3 } }]);
  expect(notes).toEqual([expect.stringMatching(/^artifact site: kept, 3 files, [\d.]+ MB in [\d.]+ s$/)]);
  const folder = await unpacked(run, 'site');
  expect(await readFile(join(folder, 'site/index.html'), 'utf8')).toBe('hello\n');
  expect(await readFile(join(folder, 'site/start'), 'utf8')).toBe('hello\n');
  const [artifact] = await deps.book.of(run);
  expect(artifact).toMatchObject({ run, job: 'test', name: 'site', source: 'github', repository: 'acme/app' });
  expect(artifact).not.toHaveProperty('untrusted');
  expect((artifact?.expiresAt ?? 0) - (artifact?.savedAt ?? 0)).toBe(14 * 24 * 3_600_000);
});

test('a later job of the run, and of another run, has it in its checkout before its first step, or in a folder', async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE] });
  const read = 'cat site/index.html; readlink site/start';
  expect((await ran({ run, needs: [{ name: 'site' }], steps: [read] })).printed).toEqual(['hello', 'index.html']);
  const later = await ran({ needs: [{ name: 'site', run, dir: 'a/b' }], steps: [`cd a/b; ${read}`] });
  expect(later.printed).toEqual(['hello', 'index.html']);
  expect(later.notes).toEqual([expect.stringMatching(`^artifact site: placed, .* kept by ${run}$`)]);
});

test('of two that a run keeps under one name the last counts', async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE] });
  await ran({ run, keeps: SITE, steps: ['mkdir site; echo second > site/index.html'] });
  expect(await deps.book.of(run)).toHaveLength(1);
  expect((await ran({ run, needs: [{ name: 'site' }], steps: ['cat site/index.html'] })).printed).toEqual(['second']);
});

test('a job that counts as it has passed in another run has the artifacts of then, and those of other jobs are not taken along', async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE] });
  const { config, store } = jobs;
  const files = createKeptFiles({ config, records: store.records, log: deps.log });
  const again = `again/${run}`;
  await files.carryOver({ name: 'other', from: run, run: again });
  expect(await deps.book.of(again)).toEqual([]);
  await files.carryOver({ name: 'test', from: run, run: again });
  const needs = [{ name: 'site' }];
  expect((await ran({ run: again, needs, steps: ['cat site/index.html'] })).printed).toEqual(['hello']);
});

test('a job that needs what is not there, or what another repository has kept, fails and says so', async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE] });
  await expect(ran({ needs: [{ name: 'page', run }] })).rejects.toThrow(
    `artifact page: ${run} has kept none of this name, or it has expired`,
  );
  const [artifact] = await deps.book.of(run);
  if (!artifact) throw new Error('nothing was kept');
  for (const others of [{ repository: 'acme/secret' }, { source: 'gitlab' }]) {
    await deps.book.note({ ...artifact, ...others, savedAt: Date.now() });
    await expect(ran({ needs: [{ name: 'site', run }] })).rejects.toThrow('has kept none of this name');
  }
  await deps.book.note({ ...artifact, place: 'elsewhere', savedAt: Date.now() });
  await expect(ran({ needs: [{ name: 'site', run }] })).rejects.toThrow("is not on this worker's machine");
});

test('one that has expired is not there any more, and is removed with its files', async () => {
  const { run, results } = await ran({ keeps: { ...SITE, expiresMs: 1 }, steps: [MAKE, 'echo $RANDOM > site/own'] });
  expect(results).toMatchObject([{ kept: {} }]);
  expect(await deps.book.of(run)).toEqual([]);
  await expect(ran({ needs: [{ name: 'site', run }] })).rejects.toThrow('has expired');
  const before = await deps.storage.list();
  const old = { ...deps.storage, list: async () => before.map((blob) => ({ ...blob, usedAt: 0 })) };
  const rows = (await jobs.store.records.list('hookyard.artifacts', { limit: 500 })).length;
  await createArtifactSweep({ ...deps, storage: old })();
  expect(await jobs.store.records.list('hookyard.artifacts', { limit: 500 })).toHaveLength(rows - 1);
  expect((await deps.storage.list()).length).toBeLessThan(before.length);
});

test("what a stranger's code has made is marked so, and gets into no trusted job that does not say so", async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE], checkout: FORK, trust: true });
  expect(await deps.book.of(run)).toMatchObject([{ untrusted: true }]);
  await expect(ran({ needs: [{ name: 'site', run }] })).rejects.toThrow("may be a stranger's");
  const says = await ran({ needs: [{ name: 'site', run, untrusted: true }], steps: ['cat site/index.html'] });
  expect(says.printed).toEqual(['hello']);
  const own = await ran({
    run,
    needs: [{ name: 'site' }],
    steps: ['cat site/index.html'],
    checkout: FORK,
    trust: true,
  });
  expect(own.printed).toEqual(['hello']);
});

test('links that lead out of the checkout are left out, and a path that is one is not followed', async () => {
  const secret = join(jobs.config.data, 'secret');
  await writeFile(secret, 'secret');
  const links = `ln -s ${secret} site/absolute; ln -s ../../../x site/relative; ln -s css/../index.html site/inside`;
  const { run, notes } = await ran({ keeps: SITE, steps: [MAKE, links] });
  expect(notes[0]).toMatch(
    /^artifact site: links that lead out of the checkout are left out: site\/(absolute|relative), /,
  );
  const folder = await unpacked(run, 'site');
  expect(existsSync(join(folder, 'site/inside'))).toBe(true);
  for (const name of ['absolute', 'relative']) expect(existsSync(join(folder, 'site', name))).toBe(false);
  const is = await ran({ keeps: { name: 'key', paths: ['key'] }, steps: [`ln -s ${jobs.config.data} key`] });
  expect(is.results).toEqual([{ name: 'key', because: 'key is a link, which is not followed' }]);
  const over = await ran({ keeps: { name: 'key', paths: ['key/secret'] }, steps: [`ln -s ${jobs.config.data} key`] });
  expect(over.results).toMatchObject([{ because: 'key/secret leads over a link, which is not followed' }]);
});

test('it is not put where a link of the checkout leads to, nor outside of it', async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE] });
  const out = join(jobs.folder, 'out');
  await mkdir(out);
  const onOpen = ({ workspace }: OpenJob) => symlink(out, join(workspace.source, 'way'));
  await expect(ran({ onOpen, needs: [{ name: 'site', run, dir: 'way' }] })).rejects.toThrow('way is no folder');
  await expect(ran({ needs: [{ name: 'site', run, dir: '../x' }] })).rejects.toThrow('must not lead out');
  const replaced = ({ workspace }: OpenJob) => symlink(out, join(workspace.source, 'site'));
  await ran({ onOpen: replaced, needs: [{ name: 'site', run }], steps: ['test ! -L site'] });
  expect(existsSync(join(out, 'index.html'))).toBe(false);
});

test.each(['../x', '/etc', '~/x', '.git', '.'])('nothing is kept of %s', async (path) => {
  const { results } = await ran({ keeps: { name: 'x', paths: [path] } });
  expect(results).toEqual([{ name: 'x', because: `${JSON.stringify(path)} is no path below the checkout` }]);
});

test('what has no room is not kept, and the log says which bound it is', async () => {
  const bounded = (artifacts: object) => ({ config: { artifacts: { ...jobs.config.artifacts, ...artifacts } } });
  const big = ['mkdir site; head -c 2000000 /dev/urandom > site/x'];
  const large = await ran({ keeps: SITE, steps: big, with: bounded({ runMegabytes: 1 }) });
  expect(large.notes).toEqual([
    'artifact site: not kept: with it, its run has 1.9 MB, and artifacts.runMegabytes of the configuration is 1',
  ]);
  const full = await ran({ keeps: SITE, steps: big, with: bounded({ megabytes: 1 }) });
  expect(full.results[0]?.because).toMatch(
    /^with it, all have [\d.]+ MB, and artifacts.megabytes of the configuration is 1$/,
  );
  const two = [SITE, { ...SITE, name: 'again' }];
  const many = await ran({ keeps: two, steps: [MAKE], with: bounded({ perRun: 1 }) });
  expect(many.results).toMatchObject([
    { kept: {} },
    { name: 'again', because: 'its run has 1, and artifacts.perRun of the configuration is 1' },
  ]);
});

test('paths that are missing are told of, and of none that is there nothing is kept', async () => {
  const some = await ran({ keeps: { ...SITE, paths: ['site', 'docs'] }, steps: [MAKE] });
  expect(some.notes[0]).toBe('artifact site: there is no docs');
  expect(some.results).toMatchObject([{ kept: { files: 3 } }]);
  expect((await ran({ keeps: SITE })).results).toEqual([{ name: 'site', because: 'there is no site' }]);
});

test('where the storage is away, nothing is kept and the job ends as it has', async () => {
  const put = () => Promise.reject(new Error('the storage does not answer'));
  const { results } = await ran({ keeps: SITE, steps: [MAKE], with: { storage: { ...deps.storage, put } } });
  expect(results).toEqual([{ name: 'site', because: 'the storage does not answer' }]);
});

test('what is known of it is forgotten with its repository, its source and its run', async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE] });
  const rows = await jobs.store.records.list('hookyard.artifacts', { limit: 500 });
  const row = rows.find(({ data }) => (data as { run: string }).run === run);
  for (const named of [{ repository: 'acme/app' }, { source: 'github' }])
    expect(row && namesRepository(row, named)).toBe(true);
  expect(row && namesRepository(row, { repository: 'acme/other' })).toBe(false);
  await jobs.store.forgetting.run(run, { limit: 100, dryRun: false });
  expect(await deps.book.of(run)).toEqual([]);
});

inSandbox("a stranger's code in a sandbox", () => {
  test('keeps files of its own, and nothing of the worker, whatever it links', async () => {
    const link = `ln -s ${jobs.config.data}/hookyard.db site/db`;
    const { run, results } = await ran({ keeps: SITE, steps: [MAKE, link], checkout: FORK });
    expect(results).toMatchObject([{ kept: {} }]);
    expect(existsSync(join(await unpacked(run, 'site'), 'site/db'))).toBe(false);
    const own = await ran({ run, needs: [{ name: 'site' }], steps: ['cat site/index.html'], checkout: FORK });
    expect(own.printed).toEqual(['hello']);
  });
});

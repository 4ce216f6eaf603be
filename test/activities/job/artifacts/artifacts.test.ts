import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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
import { type SharedTime, shareTime } from '../../../../src/activities/job/packing/shared-time.js';
import { runStep } from '../../../../src/activities/job/run-step.js';
import { onAbort } from '../../../../src/async/on-abort.js';
import { artifactStorage } from '../../../../src/storage/places.js';
import { installationOf } from '../../../../src/store/installation.js';
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
  const storage = artifactStorage(config, { installation: installationOf(store.records) });
  deps = { config, log, storage, book: createArtifactBook(store.records) };
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
  readonly onPlaced?: (job: OpenJob) => Promise<unknown>;
  readonly timeoutMs?: number;
  /** What placing and keeping may take together. */
  readonly ms?: number;
  readonly time?: SharedTime;
}

/** Runs a job as hosts do, whose steps pass. */
async function ran({ run = `ci/github/${randomUUID()}`, keeps = [], needs = [], steps = [], ...how }: Ran) {
  const { config, store } = jobs;
  const log = pino({ level: 'silent' });
  const gracePeriods = { interruptMs: 400, terminateMs: 400 };
  const withJob = createWithJob({ config, store, log, gracePeriods, reportPending: async () => undefined });
  const { checkout = {}, trust, timeoutMs = 45_000 } = how;
  const given = await jobs.input({ steps: [], checkout, timeoutMs, ...(trust && { trust }) });
  const input = { ...given, steps: steps.length };
  const around = activity({ workflowExecution: { workflowId: run, runId: 'r' }, workflowType: 'ci' });
  const results = await around.run(
    () =>
      withJob(input, async (job) => {
        const { cancellationSignal: signal } = Context.current();
        await how.onOpen?.(job);
        const used = { ...deps, ...how.with };
        const time = how.time ?? shareTime('this', how.ms ?? 60_000);
        const placed = await placeArtifacts(used, { job, run }, { needed: needs, time, signal });
        if (!placed) return [];
        await how.onPlaced?.(job);
        for (const [i, line] of steps.entries()) {
          const step = { name: `step ${i + 1}`, run: line };
          const { outcome } = await runStep(job, { step, number: i + 1, attempt: 1, signal });
          if (outcome !== 'passed') throw new Error(`"${line}" did not pass: ${job.facts().tail}`);
        }
        const asked = [keeps].flat() as ArtifactAsked[];
        return keepArtifacts(used, { job, run }, { asked, ...placed, time, signal });
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

test('of two that a run keeps under one name the last counts, also where the clock of the first worker is ahead', async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE] });
  const [first] = await deps.book.of(run);
  if (!first) throw new Error('nothing was kept');
  await deps.book.note({ ...first, savedAt: Date.now() + 3_600_000 });
  await ran({ run, keeps: SITE, steps: ['mkdir site; echo second > site/index.html'] });
  expect((await ran({ run, needs: [{ name: 'site' }], steps: ['cat site/index.html'] })).printed).toEqual(['second']);
  // The one before is gone already, and what has taken its place stays.
  await deps.book.forget(first);
  const [second] = await deps.book.of(run);
  expect(second?.hash).not.toBe(first.hash);
  await deps.book.forget(second ?? first);
  expect(await deps.book.of(run)).toEqual([]);
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
  await expect(ran({ needs: [{ name: 'site', run }] })).rejects.toThrow('is not where this worker looks');
});

test('one that has expired is not there any more, and is removed with its files', async () => {
  const { run, results } = await ran({ keeps: { ...SITE, expiresMs: 1 }, steps: [MAKE, 'echo $RANDOM > site/own'] });
  expect(results).toMatchObject([{ kept: {} }]);
  expect(await deps.book.of(run)).toEqual([]);
  await expect(ran({ needs: [{ name: 'site', run }] })).rejects.toThrow('has expired');
  const before = await deps.storage.list();
  const aged = before.map((blob) => ({ ...blob, usedAt: 0 }));
  const old = { ...deps.storage, list: async () => aged, remove: (hash: string) => deps.storage.remove(hash) };
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

test("what a trusted job keeps that has taken a stranger's files is marked too, however often they are handed on", async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE], checkout: FORK, trust: true });
  const untrusted = true as const;
  const second = await ran({ needs: [{ name: 'site', run, untrusted }], keeps: { ...SITE, name: 'again' } });
  expect(await deps.book.of(second.run)).toMatchObject([{ name: 'again', untrusted: true }]);
  const needs = { name: 'again', run: second.run };
  await expect(ran({ needs: [needs] })).rejects.toThrow("may be a stranger's");
  const third = await ran({ needs: [{ ...needs, untrusted }], keeps: SITE });
  expect(await deps.book.of(third.run)).toMatchObject([{ untrusted: true }]);
  // What is one's own is no stranger's because the job would take that too.
  const own = await ran({ keeps: SITE, steps: [MAKE] });
  const reads = await ran({ needs: [{ name: 'site', run: own.run, untrusted }], keeps: SITE });
  expect((await deps.book.of(reads.run))[0]).not.toHaveProperty('untrusted');
});

test("a job that goes on in a workspace with a stranger's files marks what it keeps, and keeps nothing once its time is over", async () => {
  const { config, store } = jobs;
  const files = createKeptFiles({ config, records: store.records, log: deps.log });
  const run = `ci/github/${randomUUID()}`;
  const opened = (job: OpenJob, endsAt: number) =>
    files.open({
      ...{ job, run, isTakenUp: true, endsAt, signal: new AbortController().signal },
      ...{ caches: undefined, artifacts: [SITE], needs: [{ name: 'other', run: 'before', untrusted: true }] },
    });
  const onPlaced = async (job: OpenJob) => {
    await mkdir(join(job.workspace.source, 'site'));
    const late = await opened(job, Date.now());
    const because = "the job's time was over before it could be kept: raise its timeout";
    expect(await late?.keep({ saves: false })).toEqual({ artifacts: [{ name: 'site', because }] });
    await (await opened(job, Date.now() + 60_000))?.keep({ saves: false });
  };
  await ran({ run, onPlaced });
  expect(await deps.book.of(run)).toMatchObject([{ name: 'site', untrusted: true }]);
});

test('a job whose time is over before what it needs is there runs no step', async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE] });
  const onOpen = (job: OpenJob) => new Promise<void>((resolve) => onAbort(job.limit, resolve));
  const onPlaced = () => Promise.reject(new Error('it went on'));
  const late = await ran({ needs: [{ name: 'site', run }], timeoutMs: 2_000, onOpen, onPlaced });
  const lines = await jobs.store.logs.read({ workflowId: late.run, job: 'test' }, { after: 0, limit: 100 });
  expect(lines.map(({ text }) => text)).toContain('stopped: the job took more than 2 s');
});

test('links that lead out over other links are left out, those that only seem to are kept', async () => {
  const links = [
    'mkdir -p site/deep/er; ln -s ../.. site/deep/top; ln -s deep/er site/down',
    'ln -s deep/top/../secret site/out; ln -s down/../../index.html site/in; ln -s ../.git/config site/git',
  ];
  const { run, notes } = await ran({ keeps: SITE, steps: [MAKE, ...links] });
  expect(notes[0]).toMatch(/left out: ("site\/out", "site\/git"|"site\/git", "site\/out")$/);
  const folder = await unpacked(run, 'site');
  expect((await readdir(join(folder, 'site'))).sort()).toEqual(['css', 'deep', 'down', 'in', 'index.html', 'start']);
});

test('links that lead out over what the checkout has, or another artifact, are removed once it is placed', async () => {
  const way = 'mkdir -p way other; echo x > way/word; echo y > other/word';
  const { run } = await ran({
    keeps: [SITE, { name: 'other', paths: ['other'] }],
    steps: [MAKE, way, 'ln -s ../way/word site/by; ln -s ../other/deep site/late'],
  });
  const outside = join(jobs.folder, 'way');
  await mkdir(outside);
  await writeFile(join(outside, 'word'), 'secret');
  const onOpen = ({ workspace }: OpenJob) => symlink(outside, join(workspace.source, 'way'));
  const { notes, printed } = await ran({
    ...{
      onOpen,
      needs: [
        { name: 'site', run },
        { name: 'other', run },
      ],
    },
    steps: ['ls site; cat site/by || echo none'],
  });
  expect(notes.at(-1)).toBe('artifacts: links that lead out of the checkout are left out: "site/by"');
  expect(printed).toEqual(['css', 'index.html', 'late', 'start', 'none']);
});

test('looking where links lead takes of the time that placing may take, and without it no step runs', async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE] });
  let pieces = 0;
  // Enough for the artifact itself.
  const time: SharedTime = {
    within: (parent, work) => work(++pieces > 1 ? AbortSignal.abort(new Error('the time is over')) : parent),
  };
  await expect(ran({ needs: [{ name: 'site', run }], steps: ['false'], time })).rejects.toThrow('the time is over');
});

test('what changes between the look at its links and its packing is not kept', async () => {
  const outside = join(jobs.folder, 'elsewhere');
  await mkdir(outside);
  await writeFile(join(outside, 'all.css'), 'secret');
  const swaps: readonly (readonly [string, string, RegExp])[] = [
    ['site/start', '/etc/passwd', /^"site\/start" leads out of the checkout since it was packed$/],
    ['site/css', outside, /"site\/css\/all.css" lies below what is no folder$/],
  ];
  for (const [path, target, because] of swaps) {
    let source = '';
    const scratch = async () => {
      await rm(join(source, path), { recursive: true });
      await symlink(target, join(source, path));
      return deps.storage.scratch();
    };
    const onOpen = async ({ workspace }: OpenJob) => {
      ({ source } = workspace);
    };
    const { run, results } = await ran({
      onOpen,
      keeps: SITE,
      steps: [MAKE],
      with: { storage: { ...deps.storage, scratch } },
    });
    expect(results).toEqual([{ name: 'site', because: expect.stringMatching(because) }]);
    expect(await deps.book.of(run)).toEqual([]);
  }
});

test('links that lead out of the checkout are left out, and a path that is one is not followed', async () => {
  const secret = join(jobs.config.data, 'secret');
  await writeFile(secret, 'secret');
  const links = `ln -s ${secret} site/absolute; ln -s ../../../x site/relative; ln -s css/../index.html site/inside`;
  const { run, notes } = await ran({ keeps: SITE, steps: [MAKE, links] });
  expect(notes[0]).toMatch(
    /^artifact site: links that lead out of the checkout are left out: "site\/(absolute|relative)", /,
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

test('globs keep the files that they match, with links, and take away what they say of all paths', async () => {
  const more =
    'echo x > site/a.map; echo x > site/css/b.map; mkdir other; echo x > other/one.txt; echo x > other/two.log';
  const files = async (paths: readonly string[]) => {
    const { run, notes } = await ran({ keeps: { name: 'site', paths }, steps: [MAKE, more] });
    const folder = await unpacked(run, 'site');
    const { stdout } = await execa('find', ['.', '!', '-type', 'd'], { cwd: folder });
    return { files: stdout.split('\n').sort(), notes };
  };
  expect((await files(['site/**/*.css', 'other/*'])).files).toEqual([
    ...['./other/one.txt', './other/two.log', './site/css/all.css'],
  ]);
  expect((await files(['!**/*.map', 'site', '*.txt'])).files).toEqual([
    ...['./site/css/all.css', './site/index.html', './site/start', './word.txt'],
  ]);
  for (const away of ['!site/css', '!./site/css/', '!site/css/**'])
    expect((await files(['./site/**/*.css', 'site', './other/*.txt', away, '!site/*.map'])).files).toEqual([
      ...['./other/one.txt', './site/index.html', './site/start'],
    ]);
  const idle = await files(['other', '!site/css', '!./othe', '!other/*.log']);
  expect(idle.files).toEqual(['./other/one.txt']);
  expect(idle.notes.slice(0, 2)).toEqual([
    ...['artifact site: !site/css takes nothing away', 'artifact site: !./othe takes nothing away'],
  ]);
  const some = await files(['**/*.{log,map}', '!other/**', 'gone/*']);
  expect(some.files).toEqual(['./site/a.map', './site/css/b.map']);
  expect(some.notes[0]).toBe('artifact site: there is no gone/*');
  const none = await ran({ keeps: { name: 'site', paths: ['*.map'] }, steps: [MAKE] });
  expect(none.results).toEqual([{ name: 'site', because: 'there is no *.map' }]);
  const outside = await ran({ keeps: { name: 'x', paths: ['way/*'] }, steps: [`ln -s ${jobs.config.data} way`] });
  expect(outside.results).toEqual([{ name: 'x', because: 'way is a link, which is not followed' }]);
});

const bounded = (artifacts: object) => ({ config: { artifacts: { ...jobs.config.artifacts, ...artifacts } } });

test('what has no room is not kept, and the log says which bound it is', async () => {
  const big = ['mkdir site; head -c 2000000 /dev/urandom > site/x'];
  const large = await ran({ keeps: SITE, steps: big, with: bounded({ runMegabytes: 1 }) });
  expect(large.notes).toEqual([
    'artifact site: not kept: with it, its run has 1.9 MB, and artifacts.runMegabytes of the configuration is 1',
  ]);
  const holes = ['mkdir site; truncate -s 9M site/x'];
  const hollow = await ran({ keeps: SITE, steps: holes, with: bounded({ runMegabytes: 1 }) });
  expect(hollow.results).toMatchObject([{ kept: { files: 1 } }]);
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

test('a file of holes is kept by what it packs to, as long as those who unpack it have room for it', async () => {
  const because = 'unpacked, it has 11.0 MB, and may have 10 MB: 10 times artifacts.runMegabytes of the configuration';
  const holes = ['mkdir site; truncate -s 11M site/x'];
  const small = bounded({ runMegabytes: 1 });
  const refused = await ran({ keeps: SITE, steps: holes, with: small });
  expect(refused.results).toEqual([{ name: 'site', because }]);
  const kept = await ran({ keeps: SITE, steps: holes });
  const needs = [{ name: 'site', run: kept.run }];
  expect((await ran({ needs, steps: ['du --apparent-size -m site/x'] })).printed).toEqual([
    expect.stringMatching(/^11\s/),
  ]);
  await expect(ran({ needs, with: small })).rejects.toThrow(`artifact site: ${because}`);
  await ran({ needs, with: bounded({ runMegabytes: 1.2 }) });
});

test('a file that grows between the look at it and its packing is not kept where it is too large then', async () => {
  let source = '';
  const scratch = async () => {
    await truncate(join(source, 'site/index.html'), 11 * 1024 * 1024);
    return deps.storage.scratch();
  };
  const { run, results } = await ran({
    onOpen: async ({ workspace }) => {
      ({ source } = workspace);
    },
    keeps: SITE,
    steps: [MAKE],
    with: { ...bounded({ runMegabytes: 1 }), storage: { ...deps.storage, scratch } },
  });
  expect(results).toEqual([{ name: 'site', because: expect.stringMatching(/^unpacked, it has 11.0 MB/) }]);
  expect(await deps.book.of(run)).toEqual([]);
});

test('of jobs that end at once, no more is kept than there is room for, and one of them is', async () => {
  const big = ['mkdir site; head -c 2000000 /dev/urandom > site/x'];
  const config = { artifacts: { ...jobs.config.artifacts, runMegabytes: 3 } };
  // Each waits for the other, when it has looked and before it is kept.
  let arrived = 0;
  const put: ArtifactDeps['storage']['put'] = async (...file) => {
    arrived += 1;
    for (let i = 0; i < 40 && arrived < 2; i++) await pause(50);
    return deps.storage.put(...file);
  };
  const run = `ci/github/${randomUUID()}`;
  const both = await Promise.all(
    ['one', 'two'].map((name) =>
      ran({
        ...{ run, keeps: { ...SITE, name }, steps: big },
        // As workers on two machines have it.
        with: { config, storage: { ...deps.storage, put }, book: createArtifactBook(jobs.store.records) },
      }),
    ),
  );
  expect(await deps.book.of(run)).toHaveLength(1);
  const refused = both.flatMap(({ results }) => results).filter(({ because }) => because !== undefined);
  expect(refused).toMatchObject([
    { because: 'with it, its run has 3.8 MB, and artifacts.runMegabytes of the configuration is 3' },
  ]);
  expect(await deps.book.claims()).toEqual([]);
});

test('room that a worker had taken which is gone counts for a while, and is swept', async () => {
  const of = { run: 'ci/github/gone', name: 'x', source: 'github', repository: 'acme/app', bytes: 100_000_000_000 };
  const claim = { ...of, id: 'a', place: await deps.storage.place() };
  await deps.book.claim({ ...claim, until: Date.now() + 60_000 });
  const full = await ran({ keeps: SITE, steps: [MAKE] });
  expect(full.results[0]?.because).toMatch(/^with it, all have [\d.]+ MB, and artifacts.megabytes/);
  await deps.book.claim({ ...claim, until: Date.now() });
  expect((await ran({ keeps: SITE, steps: [MAKE] })).results).toMatchObject([{ kept: {} }]);
  await createArtifactSweep(deps)();
  expect(await deps.book.claims()).toEqual([]);
});

test('files keep their mode, but for what would have them run as their owner or group', async () => {
  const make =
    'mkdir -m 2755 site; cp /bin/true site/t; chmod 6755 site/t; echo x > site/w; chmod 640 site/w; stat -c %a site/t';
  const { run, printed } = await ran({ checkout: FORK, trust: true, keeps: SITE, steps: [make] });
  expect(printed).toEqual(['6755']);
  const needs = [{ name: 'site', untrusted: true as const }];
  const after = await ran({ run, needs, steps: ['stat -c "%a %n" site site/t site/w'] });
  expect(after.printed.slice(1)).toEqual(['755 site', '755 site/t', '640 site/w']);
});

test("git's own folders within a path are not kept", async () => {
  const { run } = await ran({ keeps: SITE, steps: [MAKE, 'git init --quiet site/sub; echo x > site/sub/x'] });
  expect(await readdir(join(await unpacked(run, 'site'), 'site/sub'))).toEqual(['x']);
});

test('paths that are missing are told of, and of none that is there nothing is kept', async () => {
  const some = await ran({ keeps: { ...SITE, paths: ['site', 'docs'] }, steps: [MAKE] });
  expect(some.notes[0]).toBe('artifact site: there is no docs');
  expect(some.results).toMatchObject([{ kept: { files: 3 } }]);
  expect((await ran({ keeps: SITE })).results).toEqual([{ name: 'site', because: 'there is no site' }]);
});

test('what is left out of an artifact is told: names that are not UTF-8, and files that are gone while it is packed', async () => {
  const odd = 'printf x > "$(printf \'site/caf\\351.css\')"';
  const some = await ran({ keeps: SITE, steps: [MAKE, odd] });
  expect(some.notes[0]).toBe('artifact site: left out, since their names are not UTF-8: "site/caf\ufffd.css"');
  expect(some.results).toMatchObject([{ kept: { files: 3 } }]);
  let folder = '';
  const storage = {
    ...deps.storage,
    scratch: async () => {
      await rm(join(folder, 'site/index.html'));
      return deps.storage.scratch();
    },
  };
  const onPlaced = async ({ workspace }: OpenJob) => {
    folder = workspace.source;
  };
  const gone = await ran({ keeps: SITE, steps: [MAKE], onPlaced, with: { storage } });
  expect(gone.notes[0]).toBe('artifact site: left out, since not to be read, or gone since listed: 1 file');
  expect(gone.results).toMatchObject([{ kept: { files: 2 } }]);
});

test('paths are told as they are written, below any folder', async () => {
  const told = async (path: string, ...steps: readonly string[]) =>
    (await ran({ keeps: { name: 'x', paths: [path] }, steps })).results[0]?.because;
  expect(await told('src/app')).toBe('there is no src/app');
  expect(await told('home/app', 'mkdir home; ln -s . home/app')).toBe('home/app is a link, which is not followed');
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

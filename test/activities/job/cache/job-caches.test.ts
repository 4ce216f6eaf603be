import { chmod, lstat, mkdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Checkout } from '../../../../src/activities/contract/index.js';
import { cacheScope } from '../../../../src/activities/job/cache/cache-scope.js';
import { createCacheSweep } from '../../../../src/activities/job/cache/sweep-caches.js';
import { namesRepository } from '../../../../src/store/names-repository.js';
import { type Jobs, openJobs } from '../../../support/harness/jobs.js';
import { inSandbox } from '../../../support/harness/needs-sandbox.js';
import { type Caching, openCaching } from './caching.js';

const LOCK = { hashFiles: ['package-lock.json'] };
const MAKE = 'mkdir -p modules/a && echo "made in $HOOKYARD_RUN" > modules/a/file && ln -s a modules/link';
const READ = 'cat modules/a/file; readlink modules/link';
const FORK = { untrusted: true as const, defaultBranch: 'main', base: 'main' };
const on = (branch: string) => ({ ref: `refs/heads/${branch}`, defaultBranch: 'main' });

let jobs: Jobs;
let caching: Caching;
let count = 0;
/** Of each test its own. */
let key: string;
const cache = (more = {}) => ({ key: [key], paths: ['modules'], ...more });
const made = (run: string) => [`made in ${run}`, 'a'];

beforeAll(async () => {
  jobs = await openJobs();
  await jobs.commit({ 'package-lock.json': '1', 'tracked/file': 'of the commit' });
  caching = openCaching(jobs);
});
afterAll(() => jobs?.close());
beforeEach(() => {
  key = `k${++count}`;
});

test('a job saves what its paths hold, and the next job of the branch has it before its first step, links and all', async () => {
  const first = await caching.run({ cache: cache(), steps: [MAKE] });
  expect(first.results).toMatchObject([{ key, hit: 'none', saved: { bytes: expect.any(Number) } }]);
  expect(first.notes[0]).toBe(`cache ${key}: nothing to restore`);
  expect(first.notes[1]).toMatch(new RegExp(`^cache ${key}: saved on main, 2 files, [\\d.]+ MB in [\\d.]+ s$`));
  const second = await caching.run({ cache: cache(), steps: [READ] });
  expect(second.printed).toEqual(made(first.run));
  expect(second.results).toMatchObject([
    { key, hit: 'exact', restored: { key, bytes: first.results[0]?.saved?.bytes } },
  ]);
  expect(second.results[0]).not.toHaveProperty('saved');
  expect(second.notes).toEqual([expect.stringMatching(`^cache ${key}: restored, .* saved on main by ${first.run}$`)]);
});

test('what lies below the home of the steps is cached too', async () => {
  const home = { key: [key], paths: ['~/.tool/cache'] };
  await caching.run({
    cache: home,
    steps: ['mkdir -p ~/.tool/cache; echo kept > ~/.tool/cache/x; echo no > ~/.tool/y'],
  });
  expect((await caching.run({ cache: home, steps: ['cat ~/.tool/cache/x; ls ~/.tool'] })).printed).toEqual([
    'kept',
    'cache',
  ]);
});

test('a key with hashFiles() changes with what the files hold, and restoreKeys bring the newest that begins so', async () => {
  const npm = { key: [key, LOCK], paths: ['modules'], restoreKeys: [`${key}-`] };
  const first = await caching.run({ cache: npm, steps: [MAKE] });
  expect((await caching.run({ cache: npm })).results).toMatchObject([{ hit: 'exact' }]);
  const sha = await jobs.commit({ 'package-lock.json': '2' });
  const second = await caching.run({ cache: npm, checkout: { sha }, steps: [READ, 'echo second > modules/a/file'] });
  expect(second.printed).toEqual(made(first.run));
  expect(second.results).toMatchObject([{ hit: 'older', restored: { key: first.results[0]?.key }, saved: {} }]);
  const third = await jobs.commit({ 'package-lock.json': '3' });
  const newest = await caching.run({ cache: npm, checkout: { sha: third }, steps: ['cat modules/a/file'] });
  expect(newest.printed).toEqual(['second']);
  const keys = [first, second, newest].map(({ results: [one] }) => one?.key);
  expect(new Set(keys).size).toBe(3);
  for (const one of keys) expect(one).toMatch(new RegExp(`^${key}-[0-9a-f]{32}$`));
});

test('globs that match no file of the checkout make no key: the cache is not used, and the log says so', async () => {
  const { results, notes } = await caching.run({
    cache: { key: [key, { hashFiles: ['yarn.lock'] }], paths: ['modules'] },
    steps: [MAKE],
  });
  expect(results).toEqual([{ hit: 'none', because: `${key}-hash of yarn.lock was not used` }]);
  expect(notes).toEqual([`cache ${key}-hash of yarn.lock: not used: no file of the checkout matches yarn.lock`]);
});

test('others paths, another repository and another source have entries of their own under the same key', async () => {
  await caching.run({ cache: cache(), steps: [MAKE] });
  const hits = async (how: Parameters<Caching['run']>[0]) => (await caching.run(how)).results.map(({ hit }) => hit);
  expect(await hits({ cache: cache({ paths: ['modules', 'more'] }) })).toEqual(['none']);
  const [entry] = await entries();
  for (const change of [{ source: 'gitlab' }, { repository: 'acme/other' }, { platform: 'plan9-mips' }, { place: 'x' }])
    expect(await caching.book.find({ ...entry, ...change }, { branches: ['refs/heads/main'], key })).toBeUndefined();
  expect(await caching.book.find(entry, { branches: ['refs/heads/main'], key })).toEqual(entry);
});

test('what a version before has saved, which did not look at it, is not restored; it is swept as all are', async () => {
  await caching.run({ cache: cache(), steps: [MAKE] });
  const [{ format, ...before } = {} as never] = await entries();
  await caching.book.forget({ ...before, format });
  await caching.book.note(before);
  const { results } = await caching.run({ cache: cache(), steps: [MAKE] });
  expect(results).toMatchObject([{ hit: 'none', saved: expect.anything() }]);
  expect(await entries()).toHaveLength(2);
  await caching.book.forget(before);
  expect((await entries()).map((one) => one.format)).toEqual([format]);
});

describe('branches', () => {
  test('a branch reads what the default branch has saved, and saves its own, which the default branch never reads', async () => {
    await jobs.git('branch', '-f', 'topic');
    const main = await caching.run({ cache: cache(), steps: [MAKE] });
    const topic = await caching.run({ cache: cache(), checkout: on('topic'), steps: [READ] });
    expect(topic.printed).toEqual(made(main.run));
    const own = cache({ key: [`${key}-own`] });
    expect((await caching.run({ cache: own, checkout: on('topic'), steps: [MAKE] })).results).toMatchObject([
      { saved: {} },
    ]);
    expect((await caching.run({ cache: own, checkout: on('topic') })).results).toMatchObject([{ hit: 'exact' }]);
    expect((await caching.run({ cache: own, checkout: on('main') })).results).toMatchObject([{ hit: 'none' }]);
    expect((await caching.run({ cache: own, checkout: on('other') })).results).toMatchObject([{ hit: 'none' }]);
  });

  test('where the event does not tell the default branch, the repository is asked, also for a stranger, who has no say in it', async () => {
    const bare = join(jobs.folder, 'repositories/acme/app.git');
    await jobs.git('branch', '-f', 'topic');
    await jobs.git('push', '--quiet', '--force', bare, 'HEAD:refs/heads/topic', 'HEAD:refs/pull/3/head');
    const main = await caching.run({ cache: cache(), steps: [MAKE] });
    const topic = await caching.run({ cache: cache(), checkout: { ref: 'refs/heads/topic' }, steps: [READ] });
    expect(topic.printed).toEqual(made(main.run));
    const pullRequest = { number: 3, head: { ref: 'main', repository: 'mallory/app' } };
    const fork = { ref: undefined as never, untrusted: true as const, pullRequest };
    const read = await caching.run({ cache: cache(), checkout: fork, steps: [READ], more: { trust: true } });
    expect(read.printed).toEqual(made(main.run));
    expect(read.results[0]).not.toHaveProperty('saved');
  });

  const pull = (number: number, head = 'topic', base = 'next') => ({
    ...{ ref: undefined as never, base, defaultBranch: 'main' },
    pullRequest: { number, head: { ref: head, repository: 'acme/app' } },
  });

  test('a pull request has a scope of its own, and reads what its head branch, its base and the default branch have saved', async () => {
    const { checkout } = await jobs.input({ steps: [], checkout: pull(1) });
    expect(scopeOf(checkout).scope).toEqual({
      reads: ['refs/pull/1', 'refs/heads/topic', 'refs/heads/next', 'refs/heads/main'],
      writes: 'refs/pull/1',
    });
  });

  test('what a pull request saves, which may run the code of its base, is read by itself alone, and not by its head branch', async () => {
    const bare = join(jobs.folder, 'repositories/acme/app.git');
    await jobs.git('push', '--quiet', '--force', bare, 'HEAD:refs/pull/1/head', 'HEAD:refs/pull/2/head');
    const first = await caching.run({ cache: cache(), checkout: pull(1), steps: [MAKE] });
    expect(first.notes[1]).toContain('saved on pull request 1, ');
    expect((await caching.run({ cache: cache(), checkout: pull(1), steps: [READ] })).printed).toEqual(made(first.run));
    for (const checkout of [on('topic'), on('next'), on('main'), pull(2)])
      expect((await caching.run({ cache: cache({ mode: 'read' }), checkout })).results).toMatchObject([
        { hit: 'none' },
      ]);
  });

  test('no branch can be called as the scope of a pull request is', async () => {
    const { checkout } = await jobs.input({ steps: [], checkout: pull(1, 'refs/pull/2', 'refs/pull/3') });
    expect(scopeOf({ ...checkout, defaultBranch: 'refs/tags/v1' }).scope).toEqual({
      reads: ['refs/pull/1', 'refs/heads/refs/pull/2', 'refs/heads/refs/pull/3', 'refs/heads/refs/tags/v1'],
      writes: 'refs/pull/1',
    });
    const { checkout: pushed } = await jobs.input({ steps: [], checkout: on('refs/pull/1') });
    expect(scopeOf(pushed).scope.writes).toBe('refs/heads/refs/pull/1');
  });

  test('what is built for a tag restores and saves nothing, unless it asks for a mode', async () => {
    await jobs.git('tag', '-f', 'v1');
    await caching.run({ cache: cache(), steps: [MAKE] });
    const tag = { ref: 'refs/tags/v1', defaultBranch: 'main' };
    const plain = await caching.run({ cache: cache(), checkout: tag, steps: ['test ! -e modules', MAKE] });
    expect(plain.results).toEqual([{ key, hit: 'none' }]);
    expect(plain.notes).toEqual([
      `cache ${key}: nothing to restore (what is built for a tag uses none, unless its options have a "mode")`,
    ]);
    const asks = await caching.run({ cache: cache({ mode: 'read' }), checkout: tag, steps: [READ] });
    expect(asks.results).toMatchObject([{ hit: 'exact' }]);
  });

  test.each(['read', 'write'] as const)('mode %s does only that', async (mode) => {
    const other = cache({ key: [`${key}-other`], mode });
    const { results } = await caching.run({ cache: other, steps: [MAKE] });
    expect(Boolean(results[0]?.saved)).toBe(mode === 'write');
    await caching.run({ cache: cache(), steps: [MAKE] });
    expect((await caching.run({ cache: cache({ mode }), steps: ['mkdir -p modules'] })).results[0]?.hit).toBe(
      mode === 'read' ? 'exact' : 'none',
    );
  });
});

describe("a stranger's code", () => {
  test.each([
    ["a fork's pull request", { ...FORK, pullRequest: { number: 1, head: { ref: 'main', repository: 'evil/app' } } }],
    ['what a merge queue builds', { queued: true as const, ...on('main') }],
    ['a commit of an unknown place', { ref: undefined as never, defaultBranch: 'main' }],
  ])('saves nothing that anybody reads: %s', async (_what, checkout) => {
    const { scope } = scopeOf({ ...(await jobs.input({ steps: [] })).checkout, ...checkout });
    expect(scope.writes).toBeUndefined();
    expect(scope.reads).toEqual(['refs/heads/main']);
  });

  test('saves nothing though its automation trusts it, and reads what the default branch has', async () => {
    const main = await caching.run({ cache: cache(), steps: [MAKE] });
    const how = { checkout: FORK, more: { trust: true as const } };
    const reads = await caching.run({ cache: cache(), ...how, steps: [READ, 'echo evil > modules/a/file'] });
    expect(reads.printed).toEqual(made(main.run));
    const other = await caching.run({ cache: cache({ key: [`${key}-new`] }), ...how, steps: [MAKE] });
    expect(other.results).toEqual([{ key: `${key}-new`, hit: 'none' }]);
    expect(other.notes).toEqual([
      `cache ${key}-new: nothing to restore (it saves none: this code may be a stranger's)`,
    ]);
    expect((await caching.run({ cache: cache(), steps: [READ] })).printed).toEqual(made(main.run));
  });

  inSandbox('in a sandbox', () => {
    test('has what was cached before its first step, and can not reach where it is kept', async () => {
      const main = await caching.run({ cache: cache(), steps: [MAKE] });
      const { printed, results } = await caching.run({
        cache: cache(),
        checkout: FORK,
        steps: [READ, `ls ${caching.folder} || echo hidden`],
      });
      expect(printed).toEqual([...made(main.run), 'hidden']);
      expect(results).toMatchObject([{ hit: 'exact' }]);
    });
  });
});

test("git's own folders are not saved, nor restored: their hooks and settings would be obeyed", async () => {
  const steps = [
    'mkdir -p modules/kept/.GIT modules/sub; echo own > modules/kept/file; git init --quiet modules/kept',
    'echo evil > modules/kept/.git/hooks/post-checkout; echo evil > modules/kept/.GIT/config; echo x > modules/sub/.git',
  ];
  const look = 'find modules | sort';
  await caching.run({ cache: cache(), steps });
  expect((await caching.run({ cache: cache(), steps: [look] })).printed).toEqual([
    ...['modules', 'modules/kept', 'modules/kept/file', 'modules/sub'],
  ]);
  // As an older version has saved it.
  const [entry] = await entries();
  const scratch = await caching.storage.scratch();
  const whole = join(jobs.folder, 'whole');
  await mkdir(join(whole, 'src/modules/kept/.git/hooks'), { recursive: true });
  await writeFile(join(whole, 'src/modules/kept/.git/hooks/post-checkout'), 'evil');
  await writeFile(join(whole, 'src/modules/kept/file'), 'own');
  await execa('tar', ['-C', whole, '-czf', join(scratch.folder, 'x'), './src']);
  const { hash } = await caching.storage.put(join(scratch.folder, 'x'), new AbortController().signal);
  await caching.book.note({ ...entry, hash, savedAt: Date.now() + 1_000 });
  const { printed } = await caching.run({ cache: cache(), steps: [look] });
  expect(printed).toEqual(['modules', 'modules/kept', 'modules/kept/file']);
});

test("a job that has files which a stranger's code may have made saves nothing, and the log says so", async () => {
  const { results, notes } = await caching.run({ cache: cache(), hasStrangersFiles: true, steps: [MAKE] });
  expect(results).toEqual([{ key, hit: 'none' }]);
  expect(notes).toEqual([
    `cache ${key}: nothing to restore (it saves none: it has files that a stranger's code may have made)`,
  ]);
});

test('what there is no time for is neither restored nor saved, and the job goes on', async () => {
  await caching.run({ cache: cache(), steps: [MAKE] });
  const { notes } = await caching.run({ cache: [cache(), cache({ key: [`${key}-b`] })], ms: 0, steps: [MAKE] });
  expect(notes).toEqual([
    `cache ${key}: not restored: what it has before its steps took more than 0 s in all`,
    `cache ${key}-b: nothing to restore`,
    ...[key, `${key}-b`].map((each) => `cache ${each}: not saved: what is kept of it took more than 0 s in all`),
  ]);
});

describe('what leads out of the workspace', () => {
  test('is no path', async () => {
    const paths = ['../x', '/etc', 'a/.git/hooks', '~/..', '.'];
    const { results, notes } = await caching.run({ cache: paths.map((path) => cache({ paths: [path] })) });
    expect(results.map(({ hit }) => hit)).toEqual(paths.map(() => 'none'));
    for (const [i, path] of paths.entries()) expect(notes[i]).toContain(`not used: its path ${JSON.stringify(path)}`);
  });

  test('a link in the place of a path is not followed when it is saved, nor one on the way', async () => {
    const out = join(jobs.folder, 'outside');
    await mkdir(join(out, 'modules'), { recursive: true });
    await writeFile(join(out, 'modules/secret'), 'secret');
    const is = await caching.run({ cache: cache(), steps: [`ln -s ${out} modules`] });
    expect(is.notes[1]).toBe(`cache ${key}: not saved: modules is a link, which is not followed`);
    const over = await caching.run({ cache: cache({ paths: ['way/modules'] }), steps: [`ln -s ${out} way`] });
    expect(over.notes[1]).toBe(`cache ${key}: not saved: way/modules leads over a link, which is not followed`);
  });

  test('a path that is swapped for a link between the look at it and its packing is not saved', async () => {
    const out = join(jobs.folder, 'swapped');
    await mkdir(join(out, 'a'), { recursive: true });
    await writeFile(join(out, 'a/file'), 'outside');
    const because = [
      'in its archive, "src/modules/a" lies below what is no folder',
      'modules is a link since it was packed',
    ];
    for (const [i, steps] of [[MAKE], ['mkdir modules']].entries()) {
      let source = '';
      const scratch = async () => {
        await rm(join(source, 'modules'), { recursive: true });
        await symlink(out, join(source, 'modules'));
        return caching.storage.scratch();
      };
      const { notes } = await caching.run({
        ...{ cache: cache(), steps, deps: { storage: { ...caching.storage, scratch } } },
        beforeSave: async ({ workspace }) => {
          ({ source } = workspace);
        },
      });
      expect(notes[1]).toBe(`cache ${key}: not saved: ${because[i]}`);
      expect(await entries()).toEqual([]);
    }
  });

  test('a file that grows between the look at it and its packing is not saved where it is too large then', async () => {
    let source = '';
    const scratch = async () => {
      await truncate(join(source, 'modules/a/hole'), 9 * 1024 * 1024);
      return caching.storage.scratch();
    };
    const config = { cache: { ...jobs.config.cache, entryMegabytes: 8 } };
    const { notes } = await caching.run({
      ...{ cache: cache(), steps: [MAKE, 'touch modules/a/hole'] },
      deps: { config, storage: { ...caching.storage, scratch } },
      beforeSave: async ({ workspace }) => {
        ({ source } = workspace);
      },
    });
    const because = 'it has 9.0 MB, and cache.entryMegabytes of the configuration is 8';
    expect(notes[1]).toBe(`cache ${key}: not saved: ${because}`);
  });

  test('a link in a cached folder is kept as a link, and what it leads to is not', async () => {
    const out = join(jobs.folder, 'secret-file');
    await writeFile(out, 'secret');
    await caching.run({ cache: cache(), steps: [`mkdir modules; ln -s ${out} modules/out`] });
    await caching.run({
      cache: cache(),
      beforeSave: async ({ workspace }) =>
        expect((await lstat(join(workspace.source, 'modules/out'))).isSymbolicLink()).toBe(true),
    });
  });

  test('a link in the checkout where an entry would go is not followed when it is restored', async () => {
    const out = join(jobs.folder, 'target');
    await mkdir(out);
    await caching.run({ cache: cache(), steps: [MAKE] });
    const { notes, results } = await caching.run({
      cache: cache(),
      onOpen: ({ workspace }) => symlink(out, join(workspace.source, 'modules')),
      steps: [`test -z "$(ls ${out})"`],
    });
    expect(notes[0]).toBe(`cache ${key}: not restored: modules is a link, which is not followed`);
    expect(results).toMatchObject([{ hit: 'none' }]);
  });
});

describe('an entry that can not be used is a miss', () => {
  test('a damaged one: nothing of it is restored, the log says so, and the job saves it anew', async () => {
    const before = await caching.blobs();
    await caching.run({ cache: cache(), steps: [MAKE] });
    const [blob = ''] = (await caching.blobs()).filter((one) => !before.includes(one));
    await writeFile(blob, 'something else');
    const again = await caching.run({ cache: cache(), steps: ['test ! -e modules', MAKE] });
    expect(again.notes[0]).toBe(
      `cache ${key}: ${key} of main is not restored: what is kept is damaged, and is removed`,
    );
    expect(again.results).toMatchObject([{ key, hit: 'none', saved: {} }]);
    expect((await caching.run({ cache: cache(), steps: [READ] })).printed).toEqual(made(again.run));
  });

  test('one whose file is gone, as after a restored backup', async () => {
    await caching.run({ cache: cache(), steps: [MAKE] });
    for (const { hash } of await caching.storage.list()) await caching.storage.remove(hash);
    const again = await caching.run({ cache: cache(), steps: [MAKE] });
    expect(again.notes[0]).toBe(`cache ${key}: ${key} of main is not restored: what was saved is gone`);
    expect(again.results).toMatchObject([{ saved: {} }]);
  });

  test('one whose file is gone is forgotten, and the next best one is restored: of another branch, or an older one', async () => {
    const main = await caching.run({ cache: cache(), steps: [MAKE] });
    await caching.run({ cache: cache({ mode: 'write' }), checkout: on('topic'), steps: [MAKE] });
    const topic = (await entries()).find(({ branch }) => branch === 'refs/heads/topic');
    if (!topic) throw new Error('nothing was saved on topic');
    await caching.storage.remove(topic.hash);
    const again = await caching.run({ cache: cache(), checkout: on('topic'), steps: [READ] });
    expect(again.printed).toEqual(made(main.run));
    expect(again.results).toMatchObject([{ hit: 'exact' }]);
    expect(await caching.book.find(topic, { branches: ['refs/heads/topic'], key })).toBeUndefined();
    const newer = await caching.run({ cache: cache({ key: [`${key}-newer`] }), steps: [MAKE] });
    const second = (await entries()).find(({ run }) => run === newer.run);
    await caching.storage.remove(second?.hash ?? '');
    const older = cache({ key: [`${key}-newest`], restoreKeys: [`${key}-n`, key] });
    expect((await caching.run({ cache: older, steps: [READ] })).printed).toEqual(made(main.run));
  });

  test('one whose file is gone is saved anew, also by a job that did not look for it', async () => {
    await caching.run({ cache: cache(), steps: [MAKE] });
    for (const { hash } of await caching.storage.list()) await caching.storage.remove(hash);
    const again = await caching.run({ cache: cache({ mode: 'write' }), steps: [MAKE] });
    expect(again.results).toMatchObject([{ saved: {} }]);
    expect((await caching.run({ cache: cache(), steps: [READ] })).printed).toEqual(made(again.run));
  });

  test('one whose file is gone is saved anew, also where the clock of who saved it was ahead', async () => {
    await caching.run({ cache: cache(), steps: [MAKE] });
    const [entry] = await entries();
    await caching.book.note({ ...entry, savedAt: Date.now() + 3_600_000 });
    for (const { hash } of await caching.storage.list()) await caching.storage.remove(hash);
    const again = await caching.run({ cache: cache({ mode: 'write' }), steps: [MAKE] });
    expect((await caching.run({ cache: cache(), steps: [READ] })).printed).toEqual(made(again.run));
  });

  test('one that is no archive leaves nothing behind in the workspace', async () => {
    await caching.run({ cache: cache(), steps: [MAKE] });
    const [entry] = await entries();
    const scratch = await caching.storage.scratch();
    await writeFile(join(scratch.folder, 'x'), 'no archive');
    const { hash } = await caching.storage.put(join(scratch.folder, 'x'), new AbortController().signal);
    await caching.book.note({ ...entry, hash, savedAt: Date.now() + 1_000 });
    const { notes } = await caching.run({ cache: cache(), steps: ['test ! -e modules'] });
    expect(notes[0]).toMatch(/not restored: tar failed/);
  });

  test('where the storage is away, the job goes on, and its log tells', async () => {
    const away = () => Promise.reject(new Error('the storage does not answer'));
    const { storage } = caching;
    const list = await caching.run({ cache: cache(), deps: { storage: { ...storage, place: away } }, steps: ['true'] });
    expect(list.notes).toEqual([`cache ${key}: not used: the storage does not answer`]);
    const put = await caching.run({ cache: cache(), deps: { storage: { ...storage, put: away } }, steps: [MAKE] });
    expect(put.notes[1]).toBe(`cache ${key}: not saved: the storage does not answer`);
    await caching.run({ cache: cache(), steps: [MAKE] });
    const use = await caching.run({ cache: cache(), deps: { storage: { ...storage, use: away } } });
    expect(use.notes[0]).toBe(`cache ${key}: not restored: the storage does not answer`);
    const { book } = caching;
    const store = await caching.run({ cache: cache(), deps: { book: { ...book, find: away } } });
    expect(store.notes[0]).toBe(`cache ${key}: not restored: the storage does not answer`);
  });
});

test('of two runs that save one key at once, one is kept whole, and later jobs find it', async () => {
  const big = 'mkdir modules; head -c 3000000 /dev/urandom > modules/big; echo "$HOOKYARD_RUN" > modules/run';
  const both = await Promise.all([1, 2].map(() => caching.run({ cache: cache(), steps: [big] })));
  const { printed, results } = await caching.run({ cache: cache(), steps: ['cat modules/run'] });
  expect(results).toMatchObject([{ hit: 'exact' }]);
  expect(both.map(({ run }) => run)).toContain(printed[0]);
  expect((await entries()).length).toBe(1);
});

test('a job that goes on in a workspace of earlier steps has nothing put over it, and saves what is missing', async () => {
  const first = await caching.run({ cache: cache(), isTakenUp: true, steps: [MAKE] });
  expect(first.results).toMatchObject([{ hit: 'none', saved: {} }]);
  const second = await caching.run({ cache: cache(), isTakenUp: true, steps: ['test ! -e modules', MAKE] });
  expect(second.notes).toEqual([
    expect.stringContaining('not restored: the job goes on'),
    `cache ${key}: is saved already`,
  ]);
});

test('files whose names are not UTF-8 are left out, and the log names them', async () => {
  const odd = 'printf x > "$(printf \'modules/caf\\351\')"';
  const { notes, results } = await caching.run({ cache: cache(), steps: [MAKE, odd] });
  expect(notes[1]).toBe(`cache ${key}: left out, since their names are not UTF-8: "modules/caf\ufffd"`);
  expect(results).toMatchObject([{ saved: {} }]);
});

describe('bounds', () => {
  const bounded = (cache: object) => ({ config: { cache: { ...jobs.config.cache, ...cache } } });

  test('an entry that is too large is not saved, nor one without its path, and the log says why', async () => {
    const steps = ['mkdir modules; head -c 2000000 /dev/zero > modules/x'];
    const large = await caching.run({ cache: cache(), steps, deps: bounded({ entryMegabytes: 1 }) });
    expect(large.notes[1]).toBe(
      `cache ${key}: not saved: it has 1.9 MB, and cache.entryMegabytes of the configuration is 1`,
    );
    const missing = await caching.run({ cache: cache(), steps: ['true'] });
    expect(missing.notes[1]).toBe(`cache ${key}: not saved: there is no modules`);
    const off = await caching.run({ cache: cache(), steps, deps: bounded({ megabytes: 0 }) });
    expect(off.notes).toEqual([`cache ${key}: not used: cache.megabytes of the configuration is 0`]);
  });

  test('where there is no more room, what was not used for the longest time goes', async () => {
    for (const { hash } of await caching.storage.list()) await caching.storage.remove(hash);
    const random = 'mkdir modules; head -c 700000 /dev/urandom > modules/x';
    const deps = bounded({ megabytes: 1 });
    const old = cache({ key: [`${key}-old`] });
    await caching.run({ cache: old, steps: [random], deps });
    await caching.run({ cache: cache(), steps: [random], deps });
    expect((await caching.blobs()).length).toBe(1);
    expect((await caching.run({ cache: cache(), deps })).results).toMatchObject([{ hit: 'exact' }]);
    expect((await caching.run({ cache: old, deps })).results).toMatchObject([{ hit: 'none' }]);
  });

  test('what no job has used for so many days goes, with its entry, and what no entry names', async () => {
    await caching.run({ cache: cache(), steps: [MAKE] });
    const [entry] = await entries();
    const sweep = createCacheSweep({ ...bounded({ days: 2 }), storage: caching.storage, book: caching.book });
    const path = join(caching.folder, 'blobs', entry.hash.slice(0, 2), entry.hash);
    const age = (hours: number) => utimes(path, Date.now() / 1000 - hours * 3600, Date.now() / 1000 - hours * 3600);
    await age(47);
    await sweep();
    expect(await entries()).toEqual([entry]);
    await age(49);
    await sweep();
    expect(await entries()).toEqual([]);
    await caching.run({ cache: cache(), steps: [MAKE] });
    const [again] = await entries();
    await caching.book.forget(again);
    await sweep();
    expect((await caching.blobs()).some((one) => one.endsWith(again.hash))).toBe(true);
    const own = join(caching.folder, 'blobs', again.hash.slice(0, 2), again.hash);
    await utimes(own, Date.now() / 1000 - 7200, Date.now() / 1000 - 7200);
    await sweep();
    expect((await caching.blobs()).some((one) => one.endsWith(again.hash))).toBe(false);
  });
});

test('what is known of an entry is forgotten with its repository and with its source', async () => {
  await caching.run({ cache: cache(), steps: [MAKE] });
  const rows = await jobs.store.records.list('hookyard.caches', { limit: 100 });
  const row = rows.find((one) => one.key.endsWith(`#${key}`));
  for (const named of [{ repository: 'acme/app' }, { source: 'github' }])
    expect(row && namesRepository(row, named)).toBe(true);
  expect(row && namesRepository(row, { repository: 'acme/other' })).toBe(false);
});

test('files keep their mode, and those that can not be read are left out', async () => {
  const steps = ['mkdir modules; echo x > modules/run; chmod 750 modules/run; chmod 0 modules'];
  await caching.run({
    cache: cache(),
    steps: [steps[0] ?? ''],
    beforeSave: ({ workspace }) => chmod(join(workspace.source, 'modules'), 0o700),
  });
  await caching.run({
    cache: cache(),
    beforeSave: async ({ workspace }) => {
      const file = join(workspace.source, 'modules/run');
      expect((await lstat(file)).mode & 0o777).toBe(0o750);
      expect(await readFile(file, 'utf8')).toBe('x\n');
    },
  });
});

async function entries() {
  const all = [];
  for await (const entry of caching.book.all()) if (entry.key.startsWith(key)) all.push(entry);
  return all as [(typeof all)[number], ...(typeof all)[number][]];
}

function scopeOf(checkout: Checkout) {
  return { scope: cacheScope(checkout, { mode: undefined, hasStrangersFiles: false }) };
}

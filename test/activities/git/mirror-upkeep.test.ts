import { existsSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { pino } from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { limitBuildRefs } from '../../../src/activities/git/build-refs.js';
import { noteRepositories } from '../../../src/activities/git/mirror-generations.js';
import { keepMirrors } from '../../../src/activities/git/mirror-upkeep.js';
import { workspacePrefix } from '../../../src/activities/job/workspace-root.js';
import { FORGOTTEN_MIRRORS, mirrorMark } from '../../../src/runs/forgotten-mirrors.js';
import type { RecordStore, StoredRecord } from '../../../src/store/store.js';
import { tempFolder } from '../../support/temp-folder.js';

const LONG_AGO = new Date(Date.now() - 40 * 24 * 3_600_000);
const { signal } = new AbortController();
const log = pino({ level: 'silent' });

let folder: string;
let config: { data: string; jobs: { workspaces: string } };
let marks: StoredRecord[];
beforeEach(async () => {
  folder = await tempFolder('upkeep');
  config = { data: join(folder, 'data'), jobs: { workspaces: join(folder, 'workspaces') } };
  marks = [];
});

/** In the order of keys, as a store lists them. */
const list: RecordStore['list'] = async (_, { limit, after = '' }) =>
  marks.filter(({ key }) => key > after).slice(0, limit);
const keep = () => keepMirrors({ config, records: { list }, log }, signal);
const keyOf = (n: number) => String(n).padStart(6, '0');
const mark = (data: object) =>
  marks.push({ collection: FORGOTTEN_MIRRORS, key: keyOf(marks.length), version: 1, updatedAt: 1, data });

/** A mirror with a branch, the head of a pull request, and a commit that a build has fetched. */
async function aMirror(name: string, repository?: string) {
  const root = join(config.data, 'mirrors', name);
  const path = join(root, '1');
  await mkdir(path, { recursive: true });
  const git = async (...args: string[]) => (await execa('git', ['-C', path, ...args])).stdout;
  await git('init', '--quiet', '--bare', '.');
  const tree = await git('hash-object', '-t', 'tree', '-w', '/dev/null');
  const commit = (message: string) =>
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit-tree', '-m', message, tree);
  const [main, pull, built] = [await commit('main'), await commit('pull'), await commit('built')];
  await git('update-ref', 'refs/heads/main', main);
  await git('update-ref', 'refs/pull/7/head', pull);
  await git('update-ref', `refs/hookyard/${built}`, built);
  await writeFile(join(path, 'hookyard-used'), '');
  if (repository !== undefined) await writeFile(join(path, 'hookyard-repository'), mirrorMark(repository));
  const age = async (...names: string[]) => {
    for (const each of names) await utimes(join(path, each), LONG_AGO, LONG_AGO);
  };
  const objects = async () => {
    const all = await readdir(join(path, 'objects'), { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1));
  };
  const refs = async () => (await git('for-each-ref', '--format=%(refname)')).split('\n').filter(Boolean);
  const has = (sha: string) =>
    git('cat-file', '-e', sha).then(
      () => true,
      () => false,
    );
  return { root, path, main, pull, built, age, objects, refs, has };
}

const NAME = `github-${'a'.repeat(32)}`;

test('what was fetched for a build and not used for a month goes, with its objects, and branches stay', async () => {
  const mirror = await aMirror(NAME);
  await mirror.age('refs/pull/7/head', `refs/hookyard/${mirror.built}`, 'refs/heads/main', ...(await mirror.objects()));
  await keep();
  expect(await mirror.refs()).toEqual(['refs/heads/main']);
  expect(await Promise.all([mirror.main, mirror.pull, mirror.built].map(mirror.has))).toEqual([true, false, false]);
});

test('what was used lately stays, and its objects too', async () => {
  const mirror = await aMirror(NAME);
  await mirror.age('refs/pull/7/head', ...(await mirror.objects()));
  await keep();
  expect(await mirror.refs()).toEqual(['refs/heads/main', `refs/hookyard/${mirror.built}`]);
  expect(await Promise.all([mirror.main, mirror.pull, mirror.built].map(mirror.has))).toEqual([true, false, true]);
  expect((await mirror.objects()).filter((name) => name.endsWith('.pack'))).toHaveLength(1);
});

test('a mirror that a checkout borrows from is left as it is, though it was to be forgotten', async () => {
  const mirror = await aMirror(NAME, 'acme/app');
  mark({ source: 'github', at: Date.now() + 1_000 });
  await mirror.age('refs/pull/7/head');
  const info = join(config.jobs.workspaces, `${workspacePrefix(config)}one`, 'src/.git/objects/info');
  await mkdir(info, { recursive: true });
  await writeFile(join(info, 'alternates'), `${join(mirror.path, 'objects')}\n`);
  await keep();
  expect(await mirror.refs()).toContain('refs/pull/7/head');
});

test('mirrors that were to be forgotten are removed, and those of others and of later are not', async () => {
  const names = ['b', 'c', 'd', 'e'].map((letter) => `github-${letter.repeat(32)}`);
  const [app, other, unknown] = [
    await aMirror(names[0] ?? '', 'acme/app'),
    await aMirror(names[1] ?? '', 'acme/app-2'),
    await aMirror(names[2] ?? ''),
  ];
  const elsewhere = await aMirror(`gitlab-${'f'.repeat(32)}`, 'acme/app');
  mark({ source: 'github', repository: mirrorMark('acme/app'), at: Date.now() + 1_000 });
  mark({ repository: mirrorMark('acme/app-2'), at: Date.now() - 3_600_000 });
  await keep();
  expect([app, other, unknown, elsewhere].map(({ root }) => existsSync(root))).toEqual([false, true, false, true]);
});

test('however many others were to be forgotten before, one that is goes', async () => {
  const mirror = await aMirror(NAME, 'acme/app');
  for (let n = 0; n < 1_200; n += 1) mark({ repository: mirrorMark(`acme/other-${n}`), at: Date.now() + 1_000 });
  mark({ repository: mirrorMark('acme/app'), at: Date.now() + 1_000 });
  await keep();
  expect(existsSync(mirror.root)).toBe(false);
});

test('one that can not be tidied keeps no other from being forgotten', async () => {
  const [broken, other] = [await aMirror(NAME, 'acme/app'), await aMirror(`github-${'b'.repeat(32)}`, 'acme/app')];
  await writeFile(join(broken.path, 'hookyard-at-work'), 'a file where a folder should be');
  mark({ repository: mirrorMark('acme/app'), at: Date.now() + 1_000 });
  await keep();
  expect([broken, other].map(({ root }) => existsSync(root))).toEqual([true, false]);
});

test('of the commits that builds have fetched the hundred that were used last keep their refs, also while jobs are at work', async () => {
  const mirror = await aMirror(NAME);
  const input = Array.from({ length: 2_300 }, (_, n) => `create refs/hookyard/${nameOf(n)} ${mirror.built}\n`).join('');
  await execa('git', ['-C', mirror.path, 'update-ref', '--stdin'], { input });
  await mirror.age(...Array.from({ length: 2_250 }, (_, n) => `refs/hookyard/${nameOf(n)}`));
  await mirror.age(`refs/hookyard/${mirror.built}`);
  const info = join(config.jobs.workspaces, `${workspacePrefix(config)}one`, 'src/.git/objects/info');
  await mkdir(info, { recursive: true });
  await writeFile(join(info, 'alternates'), `${join(mirror.path, 'objects')}\n`);
  await keep();
  const refs = await mirror.refs();
  expect(refs).toEqual(expect.arrayContaining(['refs/heads/main', 'refs/pull/7/head']));
  expect(refs).toHaveLength(102);
  expect(refs).toEqual(
    expect.arrayContaining(Array.from({ length: 50 }, (_, n) => `refs/hookyard/${nameOf(2_250 + n)}`)),
  );
});

test('so do five hundred pull requests, and packed refs count as those that were used when they were packed', async () => {
  const mirror = await aMirror(NAME);
  const pulls = (from: number, to: number) =>
    execa('git', ['-C', mirror.path, 'update-ref', '--stdin'], {
      input: Array.from({ length: to - from }, (_, n) => `create refs/pull/${from + n}/head ${mirror.pull}\n`).join(''),
    });
  await pulls(1_000, 1_600);
  await execa('git', ['-C', mirror.path, 'pack-refs', '--all']);
  await mirror.age('packed-refs');
  await pulls(2_000, 2_100);
  await limitBuildRefs({ cwd: mirror.path, signal });
  const refs = (await mirror.refs()).filter((ref) => ref.startsWith('refs/pull/'));
  expect(refs).toHaveLength(500);
  expect(refs.filter((ref) => ref.startsWith('refs/pull/2'))).toHaveLength(100);
});

/** A commit's name that nobody has. */
function nameOf(number: number): string {
  return number.toString(16).padStart(40, '0');
}

test('the mirror of a fork is forgotten with the repository that its pull requests are of', async () => {
  const mirror = await aMirror(NAME);
  await noteRepositories(mirror.path, [mirrorMark('eve/app')]);
  await noteRepositories(mirror.path, [mirrorMark('acme/app'), mirrorMark('eve/app')]);
  await noteRepositories(mirror.path, [mirrorMark('eve/app')]);
  mark({ repository: mirrorMark('acme/other'), at: Date.now() + 1_000 });
  await keep();
  expect(existsSync(mirror.path)).toBe(true);
  mark({ repository: mirrorMark('acme/app'), at: Date.now() + 1_000 });
  await keep();
  expect(existsSync(mirror.root)).toBe(false);
});

test('files that are kept of a repository are forgotten with it, though its mirror was made anew since', async () => {
  const mirror = await aMirror(NAME, 'acme/app');
  const place = join(
    config.jobs.workspaces,
    `kept-${workspacePrefix(config).slice(0, -1)}`,
    `${NAME}.${'0'.repeat(16)}`,
  );
  const [old, fresh] = [join(place, 'old'), join(place, 'fresh')];
  for (const each of [old, fresh]) {
    await mkdir(each, { recursive: true });
    await writeFile(join(each, 'tree.json'), JSON.stringify({ index: 'x', kilobytes: 1 }));
  }
  await utimes(old, LONG_AGO, LONG_AGO);
  mark({ repository: mirrorMark('acme/app'), at: Date.now() - 3_600_000 });
  await keep();
  expect([mirror.path, old, fresh].filter((path) => existsSync(path))).toEqual([mirror.path, fresh]);
});

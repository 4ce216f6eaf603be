import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, expect, test, vi } from 'vitest';
import { changedSince } from '../../../../src/activities/job/packing/changed-files.js';
import { GRACE_PERIODS } from '../../../../src/activities/job/process-group.js';
import { markBegin, ofJob } from '../../../../src/activities/job/snapshots/keep-job.js';
import { holdOf } from '../../../../src/activities/job/snapshots/snapshot.js';
import {
  dropSnapshot,
  findJob,
  findSnapshot,
  findSnapshots,
  keepSnapshot,
  type NewSnapshot,
  restoreSnapshot,
} from '../../../../src/activities/job/snapshots/snapshots.js';
import { createSnapshotSweep, type SnapshotSweepDeps } from '../../../../src/activities/job/snapshots/sweep.js';
import { mirrorMark } from '../../../../src/runs/forgotten-mirrors.js';
import { tempFolder } from '../../../support/temp-folder.js';

const of = { workflowId: 'ci/github/1', job: 'test', source: 'github', repository: 'a-hash', sha: 'a'.repeat(40) };
const RUN_ID = '0198a5c2-3b7e-7c11-9d0a-5f6e7a8b9c0d';
const underWay = { ...of, hold: holdOf({ runId: RUN_ID, id: 'test 1' }) };
const never = new AbortController().signal;
const HOUR = 3_600_000;
/** What a checkout has. */
const TRACKED = ['tracked', 'lib/a', 'lib/deep/b', 'kept/c'];
let data: string;
let workspace: { folder: string };
let since: number;

beforeEach(async () => {
  data = join(await tempFolder('kept'), 'data');
  workspace = await checkedOut();
  // What was there before is older than the tick of the clock in which steps begin.
  await new Promise((resolve) => setTimeout(resolve, 30));
  since = await markBegin({ workspace: workspace as never });
});

async function checkedOut() {
  const folder = await tempFolder('workspace');
  for (const name of ['src/.git', 'src/lib', 'home', 'tmp']) await mkdir(join(folder, name), { recursive: true });
  for (const path of TRACKED) {
    await mkdir(dirname(join(folder, 'src', path)), { recursive: true });
    await writeFile(join(folder, 'src', path), path);
  }
  await writeFile(join(folder, 'src/.git/config'), 'config');
  return { folder };
}

const at = (path: string) => join(workspace.folder, path);
const keep = (more: Partial<NewSnapshot> = {}) =>
  keepSnapshot(
    data,
    { of, failedAt: 2, ran: [], workspace, since, signal: never, tracked: async () => TRACKED, ...more },
    GRACE_PERIODS,
  );

test('what steps made or changed is kept, with links, modes and names of any kind, and put into another checkout', async () => {
  await writeFile(at('src/tracked'), 'changed');
  await writeFile(at('src/lib/a\n"b'), 'odd');
  await writeFile(at('home/tool'), '#!/bin/sh');
  await chmod(at('home/tool'), 0o755);
  await symlink('/etc/passwd', at('src/link'));
  await writeFile(at('src/.git/hook'), 'not this');
  await writeFile(at('tmp/not'), 'nor this');
  expect(await keep()).toMatchObject({ files: 4, leftOut: { files: 0, bytes: 0 } });
  expect(await findSnapshot(data, of)).toMatchObject({ of, failedAt: 2, ran: [] });
  workspace = await checkedOut();
  await restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  expect(await readFile(at('src/tracked'), 'utf8')).toBe('changed');
  expect(await readFile(at('src/lib/a\n"b'), 'utf8')).toBe('odd');
  expect((await stat(at('home/tool'))).mode & 0o777).toBe(0o755);
  expect(await readlink(at('src/link'))).toBe('/etc/passwd');
  expect([existsSync(at('src/.git/hook')), existsSync(at('tmp/not'))]).toEqual([false, false]);
});

test('names that are not UTF-8 are told, and what would lack them is not gone on with where a worker is lost', async () => {
  await writeFile(at('src/new'), '');
  await writeFile(Buffer.concat([Buffer.from(at('src/')), Buffer.from('caf\xe9', 'latin1')]), '');
  expect(await keep()).toMatchObject({ files: 1, unnamed: ['src/caf\ufffd'], unread: [] });
  expect(await findSnapshot(data, of)).toBeDefined();
  await keep({ of: underWay, whole: true });
  expect(await findSnapshot(data, underWay)).toBeUndefined();
});

test('that a file is gone whose name is not UTF-8 can not be told later: those of the checkout are there again', async () => {
  const tracked = async () => [...TRACKED, 'caf\ufffd'];
  await keep({ tracked });
  expect(await findSnapshot(data, of)).toMatchObject({ bringsBack: true });
  await keep({ of: underWay, whole: true, tracked });
  expect(await findSnapshot(data, underWay)).toBeUndefined();
});

test('what could not be restored is not kept: the snapshot says so, and not the job that would go on in it', async () => {
  await mkdir(at(`home/${'x/'.repeat(510)}`), { recursive: true });
  await expect(keep()).rejects.toThrow('is more than 500 folders deep');
  expect(await findSnapshot(data, of)).toBeUndefined();
});

test("a repository that a step has cloned into the checkout is kept with git's own folder, which that and its submodules have anew", async () => {
  const gits = ['src/.git', 'src/lib/.git', 'src/lib/cloned/.git', 'src/cloned/.git', 'home/cloned/.git'];
  for (const path of gits) {
    await mkdir(at(path), { recursive: true });
    await writeFile(at(`${path}/HEAD`), 'of a step');
  }
  await keep({ submodules: ['', 'lib'] });
  workspace = await checkedOut();
  await restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  const kept = gits.filter((path) => existsSync(at(`${path}/HEAD`)));
  expect(kept).toEqual(['src/lib/cloned/.git', 'src/cloned/.git']);
});

test('what steps removed is not there again, and folders that they made or emptied are', async () => {
  await rm(at('src/lib'), { recursive: true });
  await rm(at('src/kept/c'));
  await mkdir(at('src/empty/deep'), { recursive: true });
  await chmod(at('src/empty'), 0o750);
  await keep();
  workspace = await checkedOut();
  await restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  const [lib, kept, empty] = await Promise.all(
    ['src/lib', 'src/kept', 'src/empty/deep'].map((path) => readdir(at(path)).catch(() => 'none')),
  );
  expect([lib, kept, empty]).toEqual(['none', [], []]);
  expect((await stat(at('src/empty'))).mode & 0o777).toBe(0o750);
  expect(await readFile(at('src/tracked'), 'utf8')).toBe('tracked');
});

test('what lies in a folder that a step has moved is kept, though it is as old as it was', async () => {
  await rename(at('src/lib'), at('src/moved'));
  await writeFile(at('src/moved/new'), '');
  expect(await keep()).toMatchObject({ files: 3 });
  workspace = await checkedOut();
  await restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  expect(existsSync(at('src/lib'))).toBe(false);
  expect(await readFile(at('src/moved/a'), 'utf8')).toBe('lib/a');
  expect(await readFile(at('src/moved/deep/b'), 'utf8')).toBe('lib/deep/b');
});

test.each([
  ['with nothing made in it since', []],
  ['with something made in it since', ['src/lib/made']],
  ['though where it was has files of that name once more', ['src/ci/a']],
])('what a step has put in the place of a folder is kept, %s', async (_, madeSince) => {
  await mkdir(at('src/ci'));
  await writeFile(at('src/ci/a'), 'of ci');
  await new Promise((resolve) => setTimeout(resolve, 30));
  since = await markBegin({ workspace: workspace as never });
  await rm(at('src/lib'), { recursive: true });
  await rename(at('src/ci'), at('src/lib'));
  for (const path of madeSince) {
    await mkdir(dirname(at(path)), { recursive: true });
    await writeFile(at(path), 'made anew');
  }
  await keep({ tracked: async () => [...TRACKED, 'ci/a'] });
  workspace = await checkedOut();
  await restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  expect(await readFile(at('src/lib/a'), 'utf8')).toBe('of ci');
  for (const path of madeSince) expect(await readFile(at(path), 'utf8')).toBe('made anew');
});

test('a folder that a step has moved into the home is kept, though another one is where it was', async () => {
  await rename(at('src/lib'), at('home/lib'));
  await mkdir(at('src/lib/deep'), { recursive: true });
  for (const path of ['src/lib/a', 'src/lib/deep/b']) await writeFile(at(path), 'made anew');
  await keep();
  workspace = await checkedOut();
  await restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  expect(await readFile(at('home/lib/deep/b'), 'utf8')).toBe('lib/deep/b');
});

test('a folder over which a cache or an artifact was put back is not taken for one that was moved', async () => {
  await writeFile(at('src/lib/made'), '');
  // As `tar` does it: the folders that it lies below are as old as they were when it was packed.
  await utimes(at('src/lib'), 1, 1);
  expect(await keep()).toMatchObject({ files: 1 });
});

test("a submodule that a step has moved is kept with git's own folder", async () => {
  await mkdir(at('src/lib/.git/refs'), { recursive: true });
  await writeFile(at('src/lib/.git/HEAD'), 'a commit');
  await new Promise((resolve) => setTimeout(resolve, 30));
  since = await markBegin({ workspace: workspace as never });
  await rename(at('src/lib'), at('src/moved'));
  await writeFile(at('src/moved/made'), '');
  await keep({ submodules: ['', 'lib'], tracked: async () => [...TRACKED, 'lib/.git'] });
  workspace = await checkedOut();
  await restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  expect(await readFile(at('src/moved/.git/HEAD'), 'utf8')).toBe('a commit');
  expect(existsSync(at('src/moved/.git/refs'))).toBe(true);
});

test("git's settings of a submodule are kept where steps have changed them, and of no folder that a link leads to", async () => {
  const submodules = ['', 'lib', 'kept', 'gone'];
  const cleanOf = async () => {
    for (const path of ['lib', 'kept']) {
      await mkdir(at(`src/${path}/.git`), { recursive: true });
      await writeFile(at(`src/${path}/.git/config`), 'as it was');
    }
  };
  await cleanOf();
  await new Promise((resolve) => setTimeout(resolve, 30));
  since = await markBegin({ workspace: workspace as never });
  await writeFile(at('src/lib/.git/config'), 'set by a step');
  const outside = await tempFolder('outside');
  await mkdir(join(outside, '.git'));
  await writeFile(join(outside, '.git/config'), 'not ours');
  await rm(at('src/kept'), { recursive: true });
  await symlink(outside, at('src/kept'));
  await keep({ submodules, tracked: async () => [...TRACKED, 'lib/.git', 'kept/.git'] });
  workspace = await checkedOut();
  await cleanOf();
  await restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  expect(await readFile(at('src/lib/.git/config'), 'utf8')).toBe('set by a step');
  expect(await readlink(at('src/kept'))).toBe(outside);
  expect(await readFile(join(outside, '.git/config'), 'utf8')).toBe('not ours');
});

test('where a step has put a link in the place of a folder, nothing is removed where it leads to', async () => {
  const outside = await tempFolder('outside');
  await writeFile(join(outside, 'a'), 'not ours');
  await rm(at('src/lib'), { recursive: true });
  await symlink(outside, at('src/lib'));
  await keep();
  workspace = await checkedOut();
  await restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  expect(await readlink(at('src/lib'))).toBe(outside);
  expect(await readFile(join(outside, 'a'), 'utf8')).toBe('not ours');
});

test('what is in a folder that can not be looked into counts as there', async () => {
  const { isGone } = await changedSince({ folder: workspace.folder, below: ['src', 'shut'], since, signal: never });
  expect([isGone('src/lib/a'), isGone('src/lib/none'), isGone('shut/a')]).toEqual([false, true, false]);
});

test('of a job under way what steps did to git’s own folder is kept too, and its snapshot only where it can be told what is gone', async () => {
  await writeFile(at('src/.git/ref'), 'of a step');
  await keep({ of: underWay, whole: true });
  workspace = await checkedOut();
  await restoreSnapshot(data, { of: underWay, workspace, signal: never }, GRACE_PERIODS);
  expect(await readFile(at('src/.git/ref'), 'utf8')).toBe('of a step');
  const tracked = () => Promise.reject(new Error('no such commit'));
  await expect(keep({ of: underWay, whole: true, tracked })).rejects.toThrow('no such commit');
});

test('of a job under way history is cut off again only where it was: a step may have fetched the rest', async () => {
  await writeFile(at('src/tracked'), 'changed');
  const restored = async () => {
    await keep({ of: underWay, whole: true });
    const next = await checkedOut();
    await writeFile(join(next.folder, 'src/.git/shallow'), 'a commit');
    await restoreSnapshot(data, { of: underWay, workspace: next, signal: never }, GRACE_PERIODS);
    return existsSync(join(next.folder, 'src/.git/shallow'));
  };
  await writeFile(at('src/.git/shallow'), 'a commit');
  expect(await restored()).toBe(true);
  await rm(at('src/.git/shallow'));
  expect(await restored()).toBe(false);
});

test('a folder that a step has put in the place of a link is put there, and nothing where the link leads to', async () => {
  const outside = await tempFolder('outside');
  await mkdir(at('src/x'));
  await writeFile(at('src/x/file'), 'inside');
  await keep();
  workspace = await checkedOut();
  await symlink(outside, at('src/x'));
  await restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  expect(await readFile(at('src/x/file'), 'utf8')).toBe('inside');
  expect(await readdir(outside)).toEqual([]);
});

test('where a step has put a link in the place of a folder while it was packed, nothing is put back, nor where the link leads to', async () => {
  const outside = await tempFolder('outside');
  await mkdir(at('src/x'));
  await writeFile(at('src/x/a'), 'inside');
  await keep();
  const [name = ''] = await readdir(join(data, 'snapshots'));
  await rm(at('src/x'), { recursive: true });
  await symlink('lib', at('src/x'));
  await execa('tar', ['-czf', join(data, 'snapshots', name, 'files'), './src/x', './src/x/a'], {
    cwd: workspace.folder,
  });
  workspace = await checkedOut();
  await rm(at('src/lib'), { recursive: true });
  await symlink(outside, at('src/lib'));
  const restored = restoreSnapshot(data, { of, workspace, signal: never }, GRACE_PERIODS);
  await expect(restored).rejects.toThrow('"src/x/a" lies below what is no folder');
  expect(await readdir(outside)).toEqual([]);
  expect(existsSync(at('src/x'))).toBe(false);
});

test('what is kept can be read by this user alone, and is that of the last time', async () => {
  await keep();
  await writeFile(at('src/new'), 'new');
  await keep();
  const [name = '', ...others] = await readdir(join(data, 'snapshots'));
  expect(others).toEqual([]);
  expect((await stat(join(data, 'snapshots', name))).mode & 0o777).toBe(0o700);
  expect((await keep()).files).toBe(1);
});

test('what was changed is told by when that was, whatever a program says of the time', async () => {
  await writeFile(at('src/tracked'), 'set back');
  await utimes(at('src/tracked'), new Date(0), new Date(0));
  await writeFile(at('src/small'), '');
  const { files } = await changedSince({ folder: workspace.folder, below: ['src'], since, signal: never });
  expect(files.map(({ path }) => path).sort()).toEqual(['src/small', 'src/tracked']);
});

/** Sweeps as a worker does that keeps failed jobs for so many days, and returns which of the two snapshots are there then. */
async function swept({
  keepFailedDays = 1,
  forgotten = 'another-hash',
  later = 0,
  isOpen = true,
}: {
  keepFailedDays?: number;
  forgotten?: string;
  later?: number;
  isOpen?: boolean | undefined;
} = {}) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + later });
  try {
    const marks = [{ key: 'm', version: 1, data: { source: 'github', repository: forgotten, at: Date.now() + 1 } }];
    const config = { data, jobs: { keepFailedDays } } as SnapshotSweepDeps['config'];
    const records = { list: async () => marks } as unknown as SnapshotSweepDeps['records'];
    await createSnapshotSweep({ config, records, isOpen: async (run) => (run.runId === RUN_ID ? isOpen : true) })();
  } finally {
    vi.useRealTimers();
  }
  return [(await findSnapshot(data, of)) !== undefined, (await findSnapshot(data, underWay)) !== undefined];
}

test('what was kept goes when it is too old or to be forgotten, and that of a job under way not with what is kept of failed ones', async () => {
  const both = async () => {
    await keep();
    await keep({ of: underWay });
  };
  await both();
  expect(await swept()).toEqual([true, true]);
  expect(await swept({ later: 25 * HOUR })).toEqual([false, true]);
  expect(await swept({ later: 8 * 24 * HOUR })).toEqual([false, false]);
  await both();
  expect(await swept({ keepFailedDays: 0, later: 1 })).toEqual([false, true]);
  await both();
  expect(await swept({ forgotten: 'a-hash' })).toEqual([false, false]);
});

test('that of a job under way goes with its run: one that was terminated, or went on elsewhere, removes it nowhere itself', async () => {
  await keep();
  await keep({ of: underWay });
  expect(await swept({ isOpen: undefined })).toEqual([true, true]);
  expect(await swept({ isOpen: false })).toEqual([true, false]);
});

test('whoever is killed while one snapshot takes the place of another leaves one of them, and the next one all the same', async () => {
  await keep({ of: underWay });
  const [place = ''] = (await readdir(join(data, 'snapshots'))).map((name) => join(data, 'snapshots', name));
  // As it is between the two steps of that.
  await rename(place, `${place}.before`);
  expect(await findSnapshot(data, underWay)).toMatchObject({ failedAt: 2 });
  await writeFile(at('src/made'), 'made');
  workspace = await checkedOut();
  await restoreSnapshot(data, { of: underWay, workspace, signal: never }, GRACE_PERIODS);
  await keep({ of: underWay, failedAt: 3 });
  expect(await findSnapshot(data, underWay)).toMatchObject({ failedAt: 3 });
  expect(await readdir(join(data, 'snapshots'))).toEqual([basename(place)]);
  await rename(place, `${place}.before`);
  await dropSnapshot(data, underWay);
  expect(await readdir(join(data, 'snapshots'))).toEqual([]);
});

test('of two that are there since their worker was killed, a failed job is told of once', async () => {
  await keep();
  const [place = ''] = (await readdir(join(data, 'snapshots'))).map((name) => join(data, 'snapshots', name));
  await cp(place, `${place}.before`, { recursive: true });
  expect(await findSnapshots(data, of.workflowId)).toHaveLength(1);
  await rm(place, { recursive: true });
  expect(await findSnapshots(data, of.workflowId)).toHaveLength(1);
});

test('where nobody can tell what was removed, what is kept of a failed job says so', async () => {
  await keep({ tracked: async () => undefined });
  expect(await findSnapshot(data, of)).toMatchObject({ bringsBack: true });
  await keep();
  expect(await findSnapshot(data, of)).not.toHaveProperty('bringsBack');
});

test('the snapshot of a job under way is another one than that of a failed job of its name, and of no other try', async () => {
  await keep({ of: underWay, failedAt: 3 });
  expect(await findSnapshot(data, of)).toBeUndefined();
  expect(await findSnapshot(data, { ...underWay, hold: holdOf({ runId: RUN_ID, id: 'test 2' }) })).toBeUndefined();
  expect(await findSnapshot(data, underWay)).toMatchObject({ failedAt: 3 });
  await keep();
  expect(await findSnapshots(data, of.workflowId)).toMatchObject([{ of, failedAt: 2 }]);
  expect(await findSnapshots(data, 'ci/github/2')).toEqual([]);
});

test('of a snapshot that has to be whole nothing is kept where there is no room for all of it, and the one before stays', async () => {
  await keep({ of: underWay });
  await writeFile(at('src/large'), '');
  await truncate(at('src/large'), 513 * 1024 * 1024);
  expect(await keep({ of: underWay, failedAt: 5, whole: true })).toMatchObject({ leftOut: { files: 1 } });
  expect(await findSnapshot(data, underWay)).toMatchObject({ failedAt: 2 });
  expect(await keep({ of: underWay, failedAt: 5 })).toMatchObject({ leftOut: { files: 1 } });
  expect(await findSnapshot(data, underWay)).toMatchObject({ failedAt: 5 });
});

test('a snapshot of a workspace that is given up meanwhile is not kept', async () => {
  await writeFile(at('src/new'), 'new');
  await expect(keep({ signal: AbortSignal.abort(new Error('given up')) })).rejects.toThrow('given up');
  expect(await readdir(join(data, 'snapshots'))).toEqual([]);
});

test('what lets a workspace be opened outside of a run is kept beside it, and an unreadable file is as none', async () => {
  const job = { input: { name: 'test', checkout: of }, steps: [{ name: 'a', run: 'true' }], attempt: 1 };
  await keep({ job: job as never });
  expect(await findJob(data, of)).toEqual(job);
  const [name = ''] = await readdir(join(data, 'snapshots'));
  await writeFile(join(data, 'snapshots', name, 'job.json'), '{');
  expect(await findJob(data, of)).toBeUndefined();
  await writeFile(join(data, 'snapshots', name, 'manifest.json'), '');
  expect(await findSnapshots(data, of.workflowId)).toEqual([]);
});

test('a snapshot is of the repository that the event is of, though its commit is fetched from a fork', () => {
  const checkout = { source: 'github', repository: 'eve/app', home: 'acme/app', sha: of.sha };
  const job = { input: { name: of.job, checkout }, merge: () => undefined };
  expect(ofJob({ job: job as never, workflowId: of.workflowId })).toMatchObject({
    ...of,
    repository: mirrorMark('acme/app'),
  });
});

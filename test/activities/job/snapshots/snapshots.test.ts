import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, readlink, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { changedSince } from '../../../../src/activities/job/snapshots/changed-files.js';
import { markBegin } from '../../../../src/activities/job/snapshots/keep-job.js';
import {
  findSnapshot,
  keepSnapshot,
  restoreSnapshot,
  sweepSnapshots,
} from '../../../../src/activities/job/snapshots/snapshots.js';
import { GRACE_PERIODS } from '../../../../src/activities/job/process-group.js';
import { tempFolder } from '../../../support/temp-folder.js';

const of = { workflowId: 'ci/github/1', job: 'test', source: 'github', repository: 'a-hash', sha: 'a'.repeat(40) };
const never = new AbortController().signal;
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
  await writeFile(join(folder, 'src/tracked'), 'tracked');
  await writeFile(join(folder, 'src/.git/config'), 'config');
  return { folder };
}

const at = (path: string) => join(workspace.folder, path);
const keep = (ran: never[] = []) => keepSnapshot(data, { of, failedAt: 2, ran, workspace, since }, GRACE_PERIODS);

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

test('what is kept can be read by this user alone, and is that of the last time', async () => {
  await keep();
  await writeFile(at('src/new'), 'new');
  await keep();
  const [name = '', ...others] = await readdir(join(data, 'snapshots'));
  expect(others).toEqual([]);
  expect((await stat(join(data, 'snapshots', name))).mode & 0o777).toBe(0o700);
  expect((await keep()).files).toBe(1);
});

test('what was changed is told by when that was, whatever a program says of the time, the smallest first', async () => {
  await writeFile(at('src/tracked'), 'set back');
  await utimes(at('src/tracked'), new Date(0), new Date(0));
  await writeFile(at('src/small'), '');
  const found = await changedSince({ folder: workspace.folder, below: ['src'], since, signal: never });
  expect(found.map(({ path }) => path)).toEqual(['src/small', 'src/tracked']);
});

test('what was kept goes when it is too old or to be forgotten, and nothing else', async () => {
  await keep();
  const { at: keptAt = 0 } = (await findSnapshot(data, of)) ?? {};
  await sweepSnapshots(data, { before: keptAt - 1, isForgotten: ({ of: { repository } }) => repository === 'another' });
  expect(await findSnapshot(data, of)).toBeDefined();
  await sweepSnapshots(data, { before: 0, isForgotten: ({ of: { repository } }) => repository === 'a-hash' });
  expect(await findSnapshot(data, of)).toBeUndefined();
  await keep();
  await sweepSnapshots(data, { before: Date.now() + 1, isForgotten: () => false });
  expect(await findSnapshot(data, of)).toBeUndefined();
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { atWorkIn } from '../../../src/activities/git/at-work.js';
import { thisProcess } from '../../../src/activities/job/owner.js';
import { built } from '../../../src/paths.js';
import { tempFolder } from '../../support/temp-folder.js';

const LOCKS = [
  'packed-refs.lock',
  'packed-refs.new',
  'config.lock',
  'refs/heads/main.lock',
  'refs/hookyard/a.lock',
  'objects/info/commit-graphs/commit-graph-chain.lock',
];

let mirror: string;
const workers: ChildProcess[] = [];
beforeEach(async () => {
  mirror = await tempFolder('mirror');
  await execa('git', ['init', '--quiet', '--bare', mirror]);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await killed(worker);
});

const lock = async () => {
  for (const name of LOCKS) {
    await mkdir(join(mirror, name, '..'), { recursive: true });
    await writeFile(join(mirror, name), '');
  }
};
const locks = () => LOCKS.filter((name) => existsSync(join(mirror, name)));
const notes = () => readdir(join(mirror, 'hookyard-at-work'));
const passBy = () => atWorkIn(mirror, async () => undefined);

/** Starts a worker that is at work in the mirror, with a git that goes on for long, and waits until it is. */
async function aWorker(): Promise<ChildProcess> {
  await rm(join(mirror, 'begun'), { force: true });
  const script = `
    import { atWorkIn } from ${JSON.stringify(built('activities/git/at-work.js'))};
    import { git } from ${JSON.stringify(built('activities/git/git.js'))};
    const call = { cwd: ${JSON.stringify(mirror)}, signal: new AbortController().signal };
    await atWorkIn(call.cwd, () => git(call, '-c', 'alias.work=!echo > begun; exec sleep 8764', 'work'));`;
  const worker = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  workers.push(worker);
  await expect.poll(() => existsSync(join(mirror, 'begun')), { timeout: 20_000 }).toBe(true);
  return worker;
}

async function killed(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}

const sleeping = async () =>
  (await execa('pgrep', ['-f', '^sleep 8764$'], { reject: false })).stdout.split('\n').filter(Boolean).length;

describe.runIf(process.platform === 'linux')('of a worker that was killed', () => {
  test('the locks are removed at once by the next that changes the mirror, and its git is ended', async () => {
    const worker = await aWorker();
    await lock();
    await killed(worker);
    // It has said that it has begun before it sleeps.
    await expect.poll(sleeping, { timeout: 20_000 }).toBe(1);
    await atWorkIn(mirror, async () => {
      expect(locks()).toEqual([]);
      expect(await notes()).toHaveLength(1);
    });
    expect(await sleeping()).toBe(0);
    expect(await notes()).toEqual([]);
  });

  test('nothing is removed that another one who is at work there may have made', async () => {
    const worker = await aWorker();
    const other = await aWorker();
    await lock();
    await passBy();
    expect(locks()).toEqual(LOCKS);
    await killed(worker);
    await passBy();
    expect(locks()).toEqual(LOCKS);
    await killed(other);
    await passBy();
    expect(locks()).toEqual([]);
    expect(await notes()).toEqual([]);
  });

  test('what was there before all who are at work there began is removed: none of them has made it', async () => {
    const worker = await aWorker();
    await lock();
    const other = await aWorker();
    await passBy();
    expect(locks()).toEqual(LOCKS);
    await killed(worker);
    await writeFile(join(mirror, 'HEAD.lock'), '');
    await passBy();
    expect(locks()).toEqual([]);
    expect(existsSync(join(mirror, 'HEAD.lock'))).toBe(true);
    await killed(other);
    await passBy();
    expect(existsSync(join(mirror, 'HEAD.lock'))).toBe(false);
  });

  test('where an older version is at work there, nobody can tell since when, and all stays', async () => {
    const worker = await aWorker();
    await lock();
    await killed(worker);
    const older = JSON.stringify({ owner: await thisProcess(), gits: 'of an older one' });
    await writeFile(join(mirror, 'hookyard-at-work', 'older'), older);
    await passBy();
    expect(locks()).toEqual(LOCKS);
    await rm(join(mirror, 'hookyard-at-work', 'older'));
    await passBy();
    expect(locks()).toEqual([]);
  });
});

test('a lock that nobody has left a note of is respected: git may be at it', async () => {
  await lock();
  await passBy();
  await passBy();
  expect(locks()).toEqual(LOCKS);
});

test('a note that tells nothing counts as that of somebody who is at work, for a day', async () => {
  await lock();
  await passBy();
  const note = join(mirror, 'hookyard-at-work', 'cut-off');
  await writeFile(note, '{"owner":{"ho');
  await passBy();
  expect(locks()).toEqual(LOCKS);
  const before = new Date(Date.now() - 25 * 3_600_000);
  await utimes(note, before, before);
  await passBy();
  expect(locks()).toEqual(process.platform === 'linux' ? [] : LOCKS);
});

test.runIf(process.platform === 'linux')(
  'the locks of a worker in another container with the name of this host stay until it has long kept still',
  async () => {
    await lock();
    await passBy();
    const note = join(mirror, 'hookyard-at-work', 'of-another');
    const owner = { ...(await thisProcess()), pid: 2 ** 22 + 1, pidNamespace: 'pid:[1]' };
    await writeFile(note, JSON.stringify({ owner, gits: 'of another' }));
    await passBy();
    expect(locks()).toEqual(LOCKS);
    const before = new Date(Date.now() - 3_600_000);
    await utimes(note, before, before);
    await passBy();
    expect(locks()).toEqual([]);
  },
);

test('two who come at once leave each other’s locks alone', async () => {
  await passBy();
  await Promise.all([
    atWorkIn(mirror, async () => {
      await lock();
      await passBy();
      expect(locks()).toEqual(LOCKS);
    }),
    passBy(),
  ]);
  expect(await notes()).toEqual([]);
});

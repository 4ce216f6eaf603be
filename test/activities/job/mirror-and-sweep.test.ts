import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { socketFolderOf } from '../../../src/activities/checkout/socket-folder.js';
import { borrowedObjects, noteBorrowed } from '../../../src/activities/job/borrowed-objects.js';
import { sweepWorkspaces } from '../../../src/activities/job/sweep.js';
import { createWorkspace } from '../../../src/activities/job/workspace.js';
import { workspacePrefix, workspaceRoot } from '../../../src/activities/job/workspace-root.js';
import { built } from '../../../src/paths.js';
import { activity, type Jobs, openJobs } from '../../support/harness/jobs.js';
import { tempFolder } from '../../support/temp-folder.js';

let jobs: Jobs;
let target: string;
beforeEach(async () => {
  jobs = await openJobs({ mirrors: { backup: { url: '/placeholder' } } });
  target = join(jobs.folder, 'backup.git');
  (jobs.config.mirrors.backup as { url: string }).url = target;
  await execa('git', ['init', '--quiet', '--bare', target]);
});
afterEach(() => jobs.close());

const mirror = () => activity().run(jobs.mirror, { source: 'github', repository: 'acme/app', target: 'backup' });
/** Makes a workspace that this process knows no more of, as one of another worker. */
async function ofAnother(config: Parameters<typeof createWorkspace>[0]): Promise<string> {
  const { folder } = await createWorkspace(config);
  await rename(folder, `${folder}-of-another`);
  return `${folder}-of-another`;
}
const refs = async () =>
  (await execa('git', ['-C', target, 'for-each-ref', '--format=%(refname)'])).stdout.split('\n').filter(Boolean);

test('a mirror gets new and moved refs, loses those that are gone, and counts them', async () => {
  await jobs.commit({ a: '1' });
  await jobs.commit({ a: '1' }, 'old');
  expect(await mirror()).toEqual({ updated: 2 });
  expect(await refs()).toEqual(['refs/heads/main', 'refs/heads/old']);
  await jobs.commit({ a: '2' });
  const origin = join(jobs.folder, 'repositories/acme/app.git');
  await jobs.git('push', '--quiet', origin, ':refs/heads/old');
  await jobs.git('tag', 'v1');
  await jobs.git('push', '--quiet', origin, 'v1');
  expect(await mirror()).toEqual({ updated: 3 });
  expect(await refs()).toEqual(['refs/heads/main', 'refs/tags/v1']);
  expect(await mirror()).toEqual({ updated: 0 });
});

test('a mirror that is not configured says what to add', async () => {
  const input = { source: 'github', repository: 'acme/app', target: 'nowhere' };
  await expect(activity().run(jobs.mirror, input)).rejects.toMatchObject({
    type: 'NotConfigured',
    message: expect.stringContaining('mirrors.nowhere'),
  });
});

test.each([
  ['where workspaces lie', async () => join(await workspaceRoot(jobs.config), workspacePrefix(jobs.config))],
  ['where the versions before had them', async () => `${join(jobs.config.data, 'workspaces')}/`],
])(
  'a workspace %s whose owner can not be asked is removed when nobody can be at work in it any more',
  async (_, at) => {
    const beginning = await at();
    const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
    const owner = JSON.stringify({ host: 'another-host', pid: 1, startTime: '1' });
    const names = ['foreign-young', 'foreign-old', 'unowned-young', 'unowned-old'];
    const folders = names.map((name) => `${beginning}${name}`);
    for (const folder of folders) {
      await mkdir(join(folder, 'src'), { recursive: true });
      if (folder.includes('foreign')) await writeFile(join(folder, 'owner.json'), owner);
      if (folder.endsWith('old')) await utimes(folder, longAgo, longAgo);
    }
    await sweepWorkspaces({ config: jobs.config, log: pino({ level: 'silent' }) });
    expect(folders.filter((folder) => existsSync(folder))).toEqual([folders[0], folders[2]]);
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  },
);

test.runIf(process.platform === 'linux')(
  'a workspace whose owner had this process id and start time in another boot of the machine is removed',
  async () => {
    const folder = await ofAnother(jobs.config);
    const path = join(folder, 'owner.json');
    const owner = JSON.parse(await readFile(path, 'utf8'));
    const sweep = () => sweepWorkspaces({ config: jobs.config, log: pino({ level: 'silent' }) });
    const { boot, ...ofVersionBefore } = owner;
    for (const living of [owner, ofVersionBefore]) {
      await writeFile(path, JSON.stringify(living));
      await sweep();
      expect(existsSync(folder)).toBe(true);
    }
    await writeFile(path, JSON.stringify({ ...owner, boot: `not ${boot}` }));
    await sweep();
    expect(existsSync(folder)).toBe(false);
  },
);

test('a workspace that this process has made is left alone, whatever is noted there', async () => {
  const mine = await createWorkspace(jobs.config);
  const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  for (const noted of ['nothing', JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1, startTime: '1' })]) {
    await writeFile(join(mine.folder, 'owner.json'), noted);
    await utimes(mine.folder, longAgo, longAgo);
    await sweepWorkspaces({ config: jobs.config, log: pino({ level: 'silent' }) });
    expect(existsSync(mine.folder)).toBe(true);
  }
  await mine.remove();
  expect(existsSync(mine.folder)).toBe(false);
});

test('pipes in the place of what is read of a workspace hold nobody up', async () => {
  const folder = await ofAnother(jobs.config);
  await execa('mkdir', ['-p', join(folder, 'src/.git/objects/info')]);
  for (const name of ['borrowed', 'src/.git/objects/info/alternates']) await execa('mkfifo', [join(folder, name)]);
  expect([...(await borrowedObjects(jobs.config))]).toEqual([]);
  await rm(join(folder, 'owner.json'));
  await execa('mkfifo', [join(folder, 'owner.json')]);
  const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  await utimes(folder, longAgo, longAgo);
  await sweepWorkspaces({ config: jobs.config, log: pino({ level: 'silent' }) });
  expect(existsSync(folder)).toBe(false);
});

test('what the workspace of a dead worker borrows keeps no mirror as it is', async () => {
  const { folder } = await createWorkspace(jobs.config);
  await noteBorrowed(folder, '/mirror');
  expect([...(await borrowedObjects(jobs.config))]).toEqual(['/mirror/objects']);
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1, startTime: '1' }));
  expect([...(await borrowedObjects(jobs.config))]).toEqual([]);
  await rm(folder, { recursive: true });
});

test('what is kept for jobs is no workspace, though they lie in the data folder', async () => {
  const kept = join(jobs.config.data, 'workspaces', 'kept-0123456789ab');
  await mkdir(join(kept, 'place/tree'), { recursive: true });
  const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  await utimes(kept, longAgo, longAgo);
  await sweepWorkspaces({ config: jobs.config, log: pino({ level: 'silent' }) });
  expect(existsSync(join(kept, 'place/tree'))).toBe(true);
});

test('folders in one another beyond what a path may have are removed', async () => {
  const workspace = await createWorkspace(jobs.config);
  const nest = "for (let i = 0; i < 300; i++) { fs.mkdirSync('d'.repeat(20)); process.chdir('d'.repeat(20)); }";
  await execa(process.execPath, ['-e', nest], { cwd: workspace.source });
  await workspace.remove();
  expect(existsSync(workspace.folder)).toBe(false);
});

test('what a killed worker has left is ended and removed; what a living one has is not', async () => {
  const script = join(jobs.folder, 'worker.mjs');
  await writeFile(
    script,
    `import { spawn } from 'node:child_process';
     import { createWorkspace } from ${JSON.stringify(built('activities/job/workspace.js'))};
     const workspace = await createWorkspace(${JSON.stringify({ data: jobs.config.data, jobs: {} })});
     const child = spawn('sleep', ['8765'], { detached: true, stdio: 'ignore', env: { ...process.env, HOOKYARD_WORKSPACE: workspace.folder } });
     console.log(child.pid);
     setInterval(() => {}, 1000);`,
  );
  const worker = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [pid] = (await once(worker.stdout, 'data')) as [Buffer];
  const mine = await createWorkspace(jobs.config);
  const sweep = () => sweepWorkspaces({ config: jobs.config, log: pino({ level: 'silent' }) });
  await sweep();
  expect(await jobs.workspaces()).toHaveLength(2);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  await sweep();
  expect(await jobs.workspaces()).toHaveLength(1);
  await expect
    .poll(async () =>
      (await execa('ps', ['-o', 'stat=', '-p', String(pid).trim()], { reject: false })).stdout.replace(/^Z.*/, ''),
    )
    .toBe('');
  await mine.remove();
});

test('the folder of the socket by which steps ask for credentials goes with the workspace of a killed worker', async () => {
  const root = await tempFolder(`workspaces-${'x'.repeat(80)}`);
  const config = { data: jobs.config.data, jobs: { workspaces: root } };
  const folder = await ofAnother(config);
  const sockets = socketFolderOf(folder);
  expect(sockets).not.toContain(folder);
  await mkdir(sockets);
  await writeFile(join(sockets, 'git.sock'), '');
  const sweep = () => sweepWorkspaces({ config, log: pino({ level: 'silent' }) });
  await sweep();
  expect(existsSync(sockets)).toBe(true);
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1, startTime: '1' }));
  await sweep();
  expect([sockets, folder].filter((path) => existsSync(path))).toEqual([]);
});

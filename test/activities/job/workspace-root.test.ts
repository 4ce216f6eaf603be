import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { socketFolderOf } from '../../../src/activities/checkout/socket-folder.js';
import { createWorkspace } from '../../../src/activities/job/workspace.js';
import { workspaceRoot } from '../../../src/activities/job/workspace-root.js';
import { makeDataFolder } from '../../../src/config/ignore-data.js';
import { type Jobs, openJobs } from '../../support/harness/jobs.js';
import { tempFolder } from '../../support/temp-folder.js';

let jobs: Jobs;
beforeEach(async () => {
  jobs = await openJobs();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await jobs.close();
});

test('a job finds no package, configuration or repository of the project that its data folder lies in', async () => {
  await writeFile(join(jobs.folder, 'package.json'), '{ "name": "automations", "type": "module" }');
  await mkdir(join(jobs.folder, 'node_modules/theirs'), { recursive: true });
  await writeFile(join(jobs.folder, 'node_modules/theirs/index.js'), '');
  await execa('git', ['init', '--quiet', jobs.folder]);
  await jobs.commit({ 'word.txt': 'first\n' });
  const { output, steps } = await jobs.run({
    steps: [
      "node -e \"try { require.resolve('theirs'); console.log('found') } catch { console.log('not found') }\"",
      'npm prefix',
      'rm -rf .git && git rev-parse --show-toplevel',
    ],
  });
  const [packages, prefix] = output.split('\n');
  expect(packages).toBe('not found');
  expect(prefix).toMatch(/\/src$/);
  expect(prefix).not.toContain(jobs.folder);
  expect(steps.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'failed']);
});

test.each(['package.json', 'node_modules', '.git'])(
  'a cache folder below a folder with %s is passed over',
  async (name) => {
    const cache = join(jobs.folder, 'project/cache');
    await mkdir(cache, { recursive: true });
    vi.stubEnv('XDG_CACHE_HOME', cache);
    expect(await workspaceRoot(jobs.config)).toBe(join(cache, 'hookyard/workspaces'));
    await mkdir(join(jobs.folder, 'project', name));
    expect(await workspaceRoot(jobs.config)).not.toContain(jobs.folder);
    // Also by another way in.
    await symlink(cache, join(jobs.folder, 'link'));
    vi.stubEnv('XDG_CACHE_HOME', join(jobs.folder, 'link'));
    expect(await workspaceRoot(jobs.config)).not.toContain(jobs.folder);
  },
);

test('a folder that is configured is the only one, and one in a project is refused with what to do', async () => {
  const workspaces = join(jobs.folder, 'own');
  const config = { ...jobs.config, jobs: { ...jobs.config.jobs, workspaces } };
  const workspace = await createWorkspace(config);
  expect(dirname(workspace.folder)).toBe(workspaces);
  await workspace.remove();
  await writeFile(join(jobs.folder, 'package.json'), '{}');
  await expect(createWorkspace(config)).rejects.toMatchObject({
    type: 'NotConfigured',
    message: expect.stringContaining('set jobs.workspaces'),
  });
});

test('git adds nothing of a data folder', async () => {
  await execa('git', ['init', '--quiet', jobs.folder]);
  const data = join(jobs.folder, '.hookyard');
  makeDataFolder(data);
  await mkdir(join(data, 'secrets'));
  await writeFile(join(data, 'secrets/api-token'), 'secret');
  await execa('git', ['add', '.hookyard'], { cwd: jobs.folder, reject: false });
  expect((await execa('git', ['ls-files'], { cwd: jobs.folder })).stdout).toBe('');
  await writeFile(join(data, '.gitignore'), 'mine');
  makeDataFolder(data);
  expect(await readFile(join(data, '.gitignore'), 'utf8')).toBe('mine');
});

test('a project that is its own data folder is not ignored', async () => {
  await writeFile(join(jobs.folder, 'package.json'), '{}');
  makeDataFolder(jobs.folder);
  await expect(readFile(join(jobs.folder, '.gitignore'))).rejects.toThrow('ENOENT');
});

test('a workspace has another name than an earlier one where something is in the place of the folder of its socket', async () => {
  const config = { data: jobs.config.data, jobs: { workspaces: await tempFolder(`workspaces-${'x'.repeat(80)}`) } };
  const first = await createWorkspace(config);
  await first.remove();
  const sockets = socketFolderOf(first.folder);
  await mkdir(sockets);
  const again = await createWorkspace(config, basename(first.folder));
  expect(again.folder).not.toBe(first.folder);
  await again.remove();
  await rm(sockets, { recursive: true });
});

test('a workspace has the name of an earlier one where that is wanted and free, and no other name', async () => {
  const first = await createWorkspace(jobs.config);
  const name = basename(first.folder);
  const second = await createWorkspace(jobs.config, name);
  expect(second.folder).not.toBe(first.folder);
  await first.remove();
  const again = await createWorkspace(jobs.config, name);
  expect(again).toEqual({ ...first, remove: expect.any(Function) });
  const strange = [`${name}/..`, 'home', `../${name}`];
  const others = await Promise.all(strange.map((one) => createWorkspace(jobs.config, one)));
  for (const { folder } of others) expect(dirname(folder)).toBe(dirname(first.folder));
  for (const one of [second, again, ...others]) await one.remove();
});

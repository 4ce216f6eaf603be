import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { writeOwner } from '../../../src/activities/job/owner-file.js';
import { workspacePrefix, workspaceRoot } from '../../../src/activities/job/workspace-root.js';
import { loadAnewHere } from '../../support/load-anew-here.js';
import { tempFolder } from '../../support/temp-folder.js';

vi.mock('../../../src/activities/job/kill-by-env.js', async (original) => {
  const all = await original<typeof import('../../../src/activities/job/kill-by-env.js')>();
  return { ...all, killByEnv: vi.fn(all.killByEnv) };
});

loadAnewHere();

test('a workspace is left alone whose path a job has again that goes on, since another worker has removed it during the sweep', async () => {
  const { killByEnv } = await import('../../../src/activities/job/kill-by-env.js');
  const { sweepWorkspaces } = await import('../../../src/activities/job/sweep.js');
  const config = { data: await tempFolder('sweep-data'), jobs: { workspaces: await tempFolder('sweep') } };
  const folder = join(await workspaceRoot(config), `${workspacePrefix(config)}of-a-dead-worker`);
  const sweep = () => sweepWorkspaces({ config, log: pino({ level: 'silent' }) });
  const die = async () => {
    await mkdir(folder, { recursive: true });
    const owner = { host: hostname(), pid: 2 ** 22 + 1, startTime: '1' };
    await writeFile(join(folder, 'owner.json'), JSON.stringify(owner));
  };
  await die();
  vi.mocked(killByEnv).mockImplementationOnce(async () => {
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await writeOwner(folder);
    return 0;
  });
  await sweep();
  expect(existsSync(folder)).toBe(true);
  await die();
  await sweep();
  expect(existsSync(folder)).toBe(false);
});

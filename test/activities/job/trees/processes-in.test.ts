import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { processesIn } from '../../../../src/activities/job/trees/processes-in.js';
import { tempFolder } from '../../../support/temp-folder.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a process that has many files open, and then these. Resolves to its id once they are. */
async function holding(...files: readonly string[]): Promise<number> {
  const script = `
    const { openSync } = require('node:fs');
    for (let i = 0; i < 10_100; i++) openSync('/dev/null');
    for (const file of process.argv.slice(1)) openSync(file);
    console.log('open');
    setInterval(() => undefined, 60_000);`;
  const child = spawn(process.execPath, ['-e', script, ...files], {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

test('a process with very many open files counts only where it began after the job, or has one of the folder', async () => {
  const folder = await tempFolder('work');
  await writeFile(join(folder, 'file'), '');
  const [elsewhere, here] = [await holding(), await holding(join(folder, 'file'))];
  const ofThem = async (sinceMs: number) =>
    (await processesIn(folder, sinceMs)).filter(({ pid }) => pid === elsewhere || pid === here);
  const later = Date.now() + 60_000;
  expect(await ofThem(later)).toEqual([{ pid: here, because: 'has a file of it open' }]);
  const because = 'began after the job and has more than 10000 files open';
  expect((await ofThem(0)).sort((a, b) => a.pid - b.pid)).toEqual(
    [elsewhere, here].sort((a, b) => a - b).map((pid) => ({ pid, because })),
  );
});

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { forkWorker, forkWorkerAhead, takeAhead } from '../../../src/cli/worker-process/fork.js';
import { built } from '../../../src/paths.js';
import { tempFolder } from '../../support/temp-folder.js';

const run = promisify(execFile);

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a worker process that was started ahead of time and that nobody took holds nobody up, and ends with who started it', async () => {
  const module = pathToFileURL(built('cli/worker-process/fork.js')).href;
  const folder = await tempFolder('fork');
  const [program, note] = [join(folder, 'program.mjs'), join(folder, 'pid')];
  await writeFile(
    program,
    `import { writeFileSync } from 'node:fs';
import { forkWorkerAhead } from '${module}';
writeFileSync('${note}', String(forkWorkerAhead().pid));
`,
  );
  await run(process.execPath, [program], { timeout: 60_000 });
  const pid = Number(await readFile(note, 'utf8'));
  expect(pid).toBeGreaterThan(0);
  // It has to have loaded all that a worker needs before it hears that nobody is there.
  await expect.poll(() => isThere(pid), { timeout: 80_000 }).toBe(false);
}, 150_000);

test('one that has ended before it is needed is not taken', async () => {
  const ahead = forkWorkerAhead();
  expect(takeAhead(ahead)).toBe(ahead);
  if (!ahead) throw new Error('nothing was started');
  const exited = once(ahead, 'exit');
  ahead.kill('SIGKILL');
  await exited;
  expect(takeAhead(ahead)).toBeUndefined();
  expect(takeAhead(undefined)).toBeUndefined();
});

test('one that is told to stop before it was told to begin ends when its channel is closed', async () => {
  const child = forkWorker({ besideReceiver: false });
  const exited = once(child, 'exit');
  child.send({ kind: 'stop' });
  child.disconnect();
  await exited;
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { lowerPriority } from '../../../src/activities/job/low-priority.js';

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
    process.kill(-child.pid, 'SIGKILL');
    await once(child, 'exit');
  }
});

/** Starts a program whose second thread starts another, and returns it with the id of that once it is there. */
async function withThread(): Promise<{ child: ChildProcess; of: number }> {
  const thread = `require('node:child_process').spawn('sleep', ['300']); setInterval(() => {}, 1000)`;
  const script = `new (require('node:worker_threads').Worker)(${JSON.stringify(thread)}, { eval: true })`;
  const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: 'ignore' });
  started.push(child);
  let of: number | undefined;
  await expect
    .poll(
      async () => {
        const threads = await readdir(`/proc/${child.pid}/task`).catch(() => []);
        const texts = threads.map((id) => readFile(`/proc/${child.pid}/task/${id}/children`, 'utf8').catch(() => ''));
        of = (await Promise.all(texts)).flatMap((text) => text.split(' ').filter(Boolean).map(Number))[0];
        return of;
      },
      { timeout: 20_000 },
    )
    .toBeDefined();
  return { child, of: of as number };
}

test.runIf(process.platform === 'linux')(
  'what any thread of a program had started before is lowered with it',
  async () => {
    const { child, of } = await withThread();
    const before = getPriority(of);
    lowerPriority(child, 3);
    await expect.poll(() => getPriority(of), { timeout: 20_000 }).toBe(Math.min(19, before + 3));
  },
);

test.runIf(process.platform === 'linux')(
  'once a program has ended, what its number has then started keeps its priority',
  async () => {
    const [other, next] = [await withThread(), await withThread()];
    const before = getPriority(other.of);
    // As it is for a program that has ended, and whose number is another's by now.
    lowerPriority({ pid: other.child.pid, exitCode: 0, signalCode: null } as ChildProcess, 3);
    lowerPriority(next.child, 3);
    // It is looked at after the one before.
    await expect.poll(() => getPriority(next.of), { timeout: 20_000 }).toBe(Math.min(19, before + 3));
    expect(getPriority(other.of)).toBe(before);
  },
);

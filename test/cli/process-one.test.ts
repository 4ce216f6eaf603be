import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { openPlace, type Place } from '../support/harness/place.js';

const mayUnshare = process.platform === 'linux' && process.getuid?.() === 0;

/** Starts `hookyard server` as process 1 of a process namespace, as a container does. */
function startAsProcessOne(place: Place): { child: ChildProcess; output: () => string } {
  const program = [process.execPath, join(packageRoot, 'bin/hookyard.mjs'), 'server'];
  const child = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', ...program], {
    cwd: place.folder,
    env: { ...place.env, HOOKYARD_PORT: '0', HOOKYARD_METRICS_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { child, output: () => output };
}

async function untilItListens({ child, output }: ReturnType<typeof startAsProcessOne>): Promise<void> {
  for (let tries = 0; tries < 1_200 && child.exitCode === null; tries += 1) {
    if (output().includes('the receiver listens')) return;
    await wait(50);
  }
  throw new Error(`it does not listen: ${output()}`);
}

test.runIf(mayUnshare)(
  'killed as process 1, it starts again as process 1, as often as it is killed',
  async () => {
    const place = await openPlace();
    for (let start = 1; start <= 3; start += 1) {
      const one = startAsProcessOne(place);
      await untilItListens(one);
      expect(JSON.parse(await readFile(join(place.data, 'running.json'), 'utf8'))).toMatchObject({ pid: 1 });
      // Together with its namespace: nothing in it has the time to clean up.
      one.child.kill('SIGKILL');
      await once(one.child, 'exit');
    }
  },
  240_000,
);

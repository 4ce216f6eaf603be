import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { built } from '../../src/paths.js';

/** A process with one part, which is stopped once something comes in over stdin. */
const PROGRAM = `
  import { once } from 'node:events';
  import { createLifecycle } from ${JSON.stringify(pathToFileURL(built('cli/processes/lifecycle.js')).href)};
  // As a part that works would: handlers of signals keep no process running.
  setInterval(() => undefined, 60_000);
  const silent = () => undefined;
  const lifecycle = createLifecycle({ debug: silent, info: silent, error: silent, fatal: silent });
  lifecycle.onStop('the slow part', async () => {
    process.stdout.write('draining\\n');
    await once(process.stdin, 'data');
    process.stdout.write('drained\\n');
  });
  const stopped = lifecycle.untilStopped();
  process.stdout.write('up\\n');
  process.exit(await stopped);
`;

test.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)(
  'a terminal that hangs up while %s is obeyed does not cut the stopping short',
  async (first) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // Of all that it has printed too, which may be read after its end.
    const ended = once(child, 'close');
    try {
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk;
      });
      await expect.poll(() => output, { timeout: 20_000 }).toBe('up\n');
      child.kill(first);
      await expect.poll(() => output, { timeout: 20_000 }).toBe('up\ndraining\n');
      child.kill('SIGHUP');
      child.kill('SIGHUP');
      child.stdin.on('error', () => undefined).write('go on\n');
      expect(await ended).toEqual([0, null]);
      expect(output).toBe('up\ndraining\ndrained\n');
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  },
);

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

// It opens jobs as the worker does, from outside of it, so that nothing else tells when it no longer can.
test('the benchmark of a step that prints much still runs its step, and knows how long it took', async () => {
  const child = fork('bench/systems/step-output.mjs', { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const ask = async (what: string, input: object) => {
    child.send({ id: what, what, input });
    const [{ answer, error }] = (await once(child, 'message')) as [{ answer?: unknown; error?: string }];
    if (error !== undefined) throw new Error(error);
    return answer;
  };
  await ask('begin', { folder: await tempFolder('bench') });
  const printed = await ask('run', { command: 'yes a line of output | head -c 100000 || true' });
  expect(printed).toEqual({ ms: expect.any(Number), storedMs: expect.any(Number), peakMb: expect.any(Number) });
  await expect(ask('run', { command: 'exit 3' })).rejects.toThrow('the step failed');
  await ask('end', {});
});

import { beforeEach, expect, test, vi } from 'vitest';
import type { ChildDeps } from '../../../src/cli/worker-process/child-process.js';
import type { Refusal } from '../../../src/cli/worker-process/messages.js';
import { keepLog } from '../../support/harness/log.js';
import { loadAnewHere } from '../../support/load-anew-here.js';

vi.mock('../../../src/cli/worker-process/child-process.js', () => ({ startChild: vi.fn() }));

loadAnewHere();
const { startChild } = await import('../../../src/cli/worker-process/child-process.js');
const { startWorkerProcess } = await import('../../../src/cli/worker-process/supervisor.js');

beforeEach(() => void vi.mocked(startChild).mockReset());

/** Returns what becomes of a process whose first one is refused so: the error that it gives up with, or that it is away. */
async function refused(dispatches: boolean, refusal: Refusal): Promise<string> {
  let end: ChildDeps['onEnd'] = () => undefined;
  vi.mocked(startChild).mockImplementation(({ onEnd }) => {
    end = onEnd;
    return {} as ReturnType<typeof startChild>;
  });
  const beginning = { temporal: undefined, dispatches, uiUrl: undefined, metricsAddress: undefined };
  const { log } = keepLog();
  const worker = startWorkerProcess({ beginning, backend: undefined, stopping: () => false, log });
  end({ because: refusal.message, refused: refusal, livedMs: 100 });
  if (worker.state().kind === 'away') {
    await worker.stop();
    return 'away';
  }
  return worker.ready.then(
    () => 'ready',
    (error: Error) => error.name,
  );
}

test('a receiver gives up only for what people have to correct; a process that only works, for whatever it is refused for', async () => {
  const toCorrect = { message: 'automations', expected: true, mayPass: false };
  const full = { message: 'no space left', expected: true, mayPass: true };
  const unknown = { message: 'no namespace', expected: false, mayPass: false };
  const both = async (refusal: Refusal) => [await refused(true, refusal), await refused(false, refusal)];
  expect(await both(toCorrect)).toEqual(['UserError', 'UserError']);
  expect(await both(full)).toEqual(['away', 'UserError']);
  expect(await both(unknown)).toEqual(['away', 'Error']);
});

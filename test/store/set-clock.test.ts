import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBatcher } from '../../src/async/batch.js';
import { type Admission, createAdmission } from '../../src/store/admission.js';
import { StoreUnavailableError } from '../../src/store/store.js';

/** The machine's clock is set by somebody; how long something takes is counted by another. */
const setClock = (byMs: number) => vi.setSystemTime(Date.now() + byMs);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

let admission: Admission | undefined;
afterEach(() => void admission?.close(0));

function oneWaits() {
  admission = createAdmission({ requests: 10, bytes: 10, answerMs: 5_000 });
  const reject = vi.fn();
  admission.admit(0, () => new Promise(() => {})).catch(reject);
  return reject;
}

test('what waits for the thread is not given up because the clock is put on', async () => {
  const reject = oneWaits();
  setClock(3_600_000);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(reject).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(reject).toHaveBeenCalled();
});

test('what waits for the thread is given up in time though the clock is put back', async () => {
  const reject = oneWaits();
  setClock(-3_600_000);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(reject).toHaveBeenCalled();
});

/** The second call waits for as long as the first is under way. */
async function behindAnother(meanwhile: () => void): Promise<PromiseSettledResult<string>> {
  let finishFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    finishFirst = resolve;
  });
  const call = createBatcher<string, string>({
    max: { requests: 1, bytes: 100 },
    late: { ms: 5_000, error: () => new StoreUnavailableError('too late') },
    run: async (inputs) => {
      if (inputs.includes('first')) await first;
      return inputs.map((value) => ({ status: 'fulfilled', value }));
    },
  });
  const both = Promise.allSettled([call('first', 0), call('second', 0)]);
  meanwhile();
  finishFirst();
  return (await both)[1];
}

test('what waits for another batch is kept though the clock is put on', async () => {
  expect(await behindAnother(() => setClock(3_600_000))).toMatchObject({ value: 'second' });
});

test('what waits for another batch for too long is refused though the clock is put back', async () => {
  const late = await behindAnother(() => {
    vi.advanceTimersByTime(6_000);
    setClock(-3_600_000);
  });
  expect(late).toMatchObject({ reason: { name: 'StoreUnavailableError' } });
});

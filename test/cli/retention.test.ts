import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { startRetention } from '../../src/cli/processes/retention.js';
import type { Config } from '../../src/config/config.js';
import type { Store } from '../../src/store/store.js';

type Asked = { before: number; limit: number };

const DAY_MS = 24 * 3_600_000;
let retention: ReturnType<typeof startRetention> | undefined;
afterEach(() => retention?.stop());

/** Starts over a store that has nothing but `prune`, and no records; answers what was logged. */
function start(
  prune: Record<'inbox' | 'logs' | 'attempts', (asked: Asked) => Promise<number>>,
  { pruneLargeBodies = async (_: Asked) => 0, repeatedBodyHours = 24 } = {},
) {
  const lines: Record<string, unknown>[] = [];
  const into = new Writable({
    write(line, _, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  const store = Object.fromEntries(Object.entries(prune).map(([name, each]) => [name, { prune: each }]));
  Object.assign(store, { records: { list: async () => [] } });
  Object.assign(store.inbox ?? {}, { pruneLargeBodies });
  const config = {
    inbox: { keepDays: 3, keepLargeBodiesDays: 1.5, repeatedBodyHours },
    data: '/nonexistent',
    records: { keepDays: {} },
  } as unknown as Config;
  retention = startRetention({ store: store as unknown as Store, config, log: pino(into) });
  return { lines, stop: retention.stop };
}

test('logs and attempts are deleted where deliveries can not be, and the log says which', async () => {
  const logs = vi.fn(async (_: Asked) => 0);
  const attempts = vi.fn(async (_: Asked) => 0);
  const { lines } = start({ inbox: () => Promise.reject(new Error('a broken index')), logs, attempts });
  await expect.poll(() => lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ what: 'deliveries', err: { message: 'a broken index' } });
  for (const each of [logs, attempts]) {
    expect(each).toHaveBeenCalledTimes(1);
    const [asked] = each.mock.calls[0] ?? [];
    expect(Math.abs((asked?.before ?? 0) - (Date.now() - 3 * DAY_MS))).toBeLessThan(60_000);
  }
});

test.each([
  [24, 1.5],
  [48, 2],
])(
  'large bodies are deleted earlier, but not while a delivery may repeat them: for %i hours, after %d days',
  async (repeatedBodyHours, days) => {
    const pruneLargeBodies = vi.fn(async (_: Asked) => 0);
    const none = async () => 0;
    start({ inbox: none, logs: none, attempts: none }, { pruneLargeBodies, repeatedBodyHours });
    expect(pruneLargeBodies).toHaveBeenCalledTimes(1);
    const [asked] = pruneLargeBodies.mock.calls[0] ?? [];
    expect(Math.abs((asked?.before ?? 0) - (Date.now() - days * DAY_MS))).toBeLessThan(60_000);
  },
);

test('what is more than a slice is deleted soon after, and what fails meanwhile waits its minute', async () => {
  const left = { logs: 450 };
  const inbox = vi.fn(() => Promise.reject(new Error('no')));
  const logs = async ({ limit }: Asked) => {
    const deleted = Math.min(limit, left.logs);
    left.logs -= deleted;
    return deleted;
  };
  start({ inbox, logs, attempts: async () => 0 });
  await vi.waitFor(() => expect(left.logs).toBe(0), { timeout: 10_000 });
  expect(inbox).toHaveBeenCalledTimes(1);
});

test('pruning ends at once, whatever it waits for', async () => {
  const prune = vi.fn(async () => 0);
  const { stop } = start({ inbox: prune, logs: prune, attempts: prune });
  await stop();
  expect(prune).toHaveBeenCalledTimes(3);
});

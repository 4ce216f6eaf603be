import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { isServing } from '../../src/temporal/is-serving.js';
import { freeAddress } from '../support/harness/free-address.js';
import { push, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';

const REPLAY = '/replay-1';

let site: Site;
let port: number;
let engine: ChildProcess | undefined;

beforeEach(async () => {
  ({ port } = await freeAddress());
  site = await openSite({ temporal: `127.0.0.1:${port}` });
});
afterEach(async () => {
  await site.close();
  await endEngine();
});

/** A Temporal of its own, whose limit on names can be set. */
async function startEngine(options: readonly string[]): Promise<void> {
  const where = ['--ip', '127.0.0.1', '--port', String(port), '--db-filename', join(site.folder, 'temporal.db')];
  const attributes = ['Automation', 'Repository', 'Branch', 'Commit', 'Source', 'Delivery'].map(
    (name) => `Hookyard${name}=Keyword`,
  );
  const searchable = [...attributes, 'HookyardPullRequest=Int'].flatMap((one) => ['--search-attribute', one]);
  engine = spawn(
    inject('temporalCli'),
    ['server', 'start-dev', '--headless', '--log-level', 'never', ...where, ...searchable, ...options],
    { stdio: 'ignore' },
  );
  await expect.poll(() => isServing(`127.0.0.1:${port}`), { timeout: 60_000 }).toBe(true);
}

async function endEngine(): Promise<void> {
  if (!engine || engine.exitCode !== null || engine.signalCode !== null) return;
  const ended = once(engine, 'exit');
  engine.kill('SIGKILL');
  await ended;
}

async function hookyard(...args: string[]): Promise<string> {
  const { code, out } = await site.hookyard(args);
  expect(code).toBe(0);
  return out;
}

interface Listed {
  readonly id: string;
  readonly key: string;
  readonly dispatches: readonly { readonly state: string; readonly attempts: number; readonly error?: string }[];
}

async function failed(): Promise<Listed[]> {
  const lines = (await hookyard('deliveries', '--failed', '--json')).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Listed);
}

test('a delivery that Temporal will not start is kept as a dead letter with its error, is listed, and is started by a replay', async () => {
  await startEngine(['--dynamic-config-value', 'limit.maxIDLength=100']);
  const server = await site.start('server');
  const to = { secret: site.secret, source: site.source, branch: 'touch' };
  const poison = await sendPush(server.url, { ...to, id: 'p'.repeat(120), body: push('touch') });
  const good = await sendPush(server.url, { ...to, id: 'good', body: push('touch') });
  expect([poison.status, good.status]).toEqual([202, 202]);

  await expect.poll(async () => (await failed()).length, { timeout: 60_000, interval: 1_000 }).toBe(1);
  const [dead] = await failed();
  expect(dead).toMatchObject({
    key: 'p'.repeat(120),
    dispatches: [{ state: 'failed', attempts: 1, error: expect.stringContaining('INVALID_ARGUMENT') }],
  });
  expect(await hookyard('explain', dead?.id ?? '')).toContain('INVALID_ARGUMENT');
  expect(server.output().match(/workflow not started, and not tried again/g)).toHaveLength(1);

  // What was in the way is gone: the one is started, and nothing else is started again.
  await endEngine();
  await startEngine([]);
  await site.start('worker');
  const { runs } = JSON.parse(await hookyard('replay', dead?.id ?? '', '--json')) as { runs: string[] };
  expect(runs).toEqual([`touch/${site.source}/${'p'.repeat(120)}${REPLAY}`]);
  const state = async (run: string) =>
    (await site.api<{ status?: string }>(server.url, `runs?${new URLSearchParams({ id: run })}`)).status;
  await expect.poll(() => state(runs[0] ?? ''), { timeout: 60_000 }).toBe('completed');
  await expect.poll(() => state(good.body.runs?.[0] ?? ''), { timeout: 60_000 }).toBe('completed');
}, 300_000);

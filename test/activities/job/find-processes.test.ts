import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { environmentOf, processesThat, valuesIn } from '../../../src/activities/job/find-processes.js';
import { killByVariable } from '../../../src/activities/job/kill-by-env.js';
import { unique } from '../../support/temporal.js';

/** In characters: Linux takes no more in one variable. */
const LARGE = 'x'.repeat(120_000);

const children: ReturnType<typeof spawn>[] = [];
function sleeper(env: Record<string, string>) {
  const child = spawn('sleep', ['60'], { env: { PATH: process.env.PATH ?? '', ...env }, stdio: 'ignore' });
  children.push(child);
  return child;
}
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

test('processes are looked into a few at once: what strangers have in their environment is never in memory all together', async () => {
  for (let i = 0; i < 20; i++) sleeper({});
  let [now, most] = [0, 0];
  const all = await processesThat(async () => {
    now += 1;
    most = Math.max(most, now);
    await wait(1);
    now -= 1;
    return true;
  });
  expect(all.length).toBeGreaterThan(20);
  expect(all).toContain(process.pid);
  expect(most).toBeLessThanOrEqual(8);
});

test('a process is found by a variable among megabytes of others, and one that only quotes it is not', async () => {
  const [name, value] = [`HOOKYARD_T_${process.pid}`, unique('mark')];
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`V${i}`, `${LARGE}${name}=${value}`]));
  const meant = sleeper({ ...many, [name]: value });
  const others = [sleeper(many), sleeper({ [name]: `${value}-2` }), sleeper({ [`OTHER_${name}`]: value })];
  await expect.poll(async () => valuesIn(await environmentOf(meant.pid ?? 0), name)).toEqual([value]);
  const ended = once(meant, 'exit');
  expect(await killByVariable(name, value)).toBe(1);
  expect(await ended).toEqual([null, 'SIGKILL']);
  for (const { exitCode, signalCode } of others) expect([exitCode, signalCode]).toEqual([null, null]);
});

test('of a variable that an environment has twice both values are known', () => {
  const environment = Buffer.from('A=1\0B=2\0A=3=4\0XA=5\0A=');
  expect(valuesIn(environment, 'A')).toEqual(['1', '3=4', '']);
  expect(valuesIn(environment, 'C')).toEqual([]);
  expect(valuesIn(Buffer.alloc(0), 'A')).toEqual([]);
});

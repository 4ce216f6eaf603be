import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority, setPriority } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { makeNicer, nicerBy } from '../src/niceness.js';

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
});

/** Starts a program that waits, and returns its id. */
function waiting(): number {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  started.push(child);
  return child.pid as number;
}

test('what is made nicer is so by as much as is asked for, and by no more than there is', () => {
  const own = getPriority();
  expect(nicerBy(0)).toBe(own);
  expect(nicerBy(10)).toBe(Math.min(19, own + 10));
  expect(nicerBy(40)).toBe(19);
  const pid = waiting();
  makeNicer(pid, nicerBy(3));
  expect(getPriority(pid)).toBe(nicerBy(3));
});

test('a process that was started with nice is not made less nice', () => {
  const pid = waiting();
  const given = nicerBy(7);
  setPriority(pid, given);
  makeNicer(pid, nicerBy(3));
  expect(getPriority(pid)).toBe(given);
});

test('a process that has ended is left alone', async () => {
  const child = spawn('true', { stdio: 'ignore' });
  await once(child, 'exit');
  expect(() => makeNicer(child.pid as number, 10)).not.toThrow();
});

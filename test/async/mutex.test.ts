import { expect, test } from 'vitest';
import { runExclusive } from '../../src/async/mutex.js';

const open = () => new AbortController().signal;

test('work under one key runs one after the other, and under another key at the same time', async () => {
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen.push(`${name} ends`);
  };
  const a = runExclusive({ key: 'one', signal: open() }, work('a'));
  const b = runExclusive({ key: 'one', signal: open() }, work('b'));
  const c = runExclusive({ key: 'two', signal: open() }, work('c'));
  await Promise.all([a, b, c]);
  expect(seen).toEqual(['a begins', 'c begins', 'a ends', 'b begins', 'c ends', 'b ends']);
});

test('whoever stops waiting gets the signal’s reason, and lets nobody past', async () => {
  const seen: string[] = [];
  let finish: () => void = () => undefined;
  const first = runExclusive(
    { key: 'three', signal: open() },
    () => new Promise<void>((resolve) => (finish = resolve)),
  );
  const stop = new AbortController();
  const second = runExclusive({ key: 'three', signal: stop.signal }, async () => void seen.push('second'));
  const third = runExclusive({ key: 'three', signal: open() }, async () => void seen.push('third'));
  stop.abort(new Error('cancelled'));
  await expect(second).rejects.toThrow('cancelled');
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(seen).toEqual([]);
  finish();
  await Promise.all([first, third]);
  expect(seen).toEqual(['third']);
});

test('work that fails lets the next one begin', async () => {
  const failing = runExclusive({ key: 'four', signal: open() }, async () => {
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(await runExclusive({ key: 'four', signal: open() }, async () => 7)).toBe(7);
});

import { expect, test } from 'vitest';
import { createTurns } from '../../../src/intake/large-bodies/source-turns.js';

test('a source with much to do lets the others have their turns, and all work is done one after the other', async () => {
  const turns = createTurns();
  const done: string[] = [];
  let atWork = 0;
  const work = (name: string) => async () => {
    atWork += 1;
    expect(atWork).toBe(1);
    await Promise.resolve();
    atWork -= 1;
    done.push(name);
    return name;
  };
  const all = ['a', 'a', 'a', 'b', 'c', 'b'].map((source, n) => turns.take(source, work(`${source}${n}`)));
  expect(await Promise.all(all)).toEqual(['a0', 'a1', 'a2', 'b3', 'c4', 'b5']);
  expect(done).toEqual(['a0', 'a1', 'b3', 'c4', 'a2', 'b5']);
});

test('work that fails is told to whoever asked for it, and keeps nobody from a turn', async () => {
  const turns = createTurns();
  const failing = turns.take('a', () => Promise.reject(new Error('no')));
  const next = turns.take('a', async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});

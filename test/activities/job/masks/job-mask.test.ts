import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createLineSplitter } from '../../../../src/activities/job/lines.js';
import { createJobMask } from '../../../../src/activities/job/masks/job-mask.js';
import { maskCommands } from '../../../../src/activities/job/masks/mask-commands.js';
import { SpellingFinder } from '../../../../src/secrets/spelling-finder.js';

const mask = () => createJobMask(new SpellingFinder());
const REPEATED = 'abcdef'.repeat(1_000);

test('a file of values is looked at once for each chunk of output, however many lines it has', async () => {
  const masks = mask();
  const look = vi.fn();
  masks.lookBy(look);
  const splitter = createLineSplitter(masks.hide, maskCommands(masks));
  splitter.add('::add-mask::\na line\n'.repeat(1_000));
  expect(look).toHaveBeenCalledTimes(1);
  await Promise.resolve();
  splitter.add('another line\n::add-mask::\n');
  expect(look).toHaveBeenCalledTimes(2);
});

test('what a look has learnt is hidden in the text that it was done for', () => {
  const masks = mask();
  masks.lookBy(() => void masks.learn('a-value-of-the-file'));
  expect(masks.hide('a-value-of-the-file')).toBe('***');
});

test('once a job has told all that it may, nothing more is looked at', () => {
  const masks = mask();
  for (let i = 0; i < 100; i++) expect(masks.learn(`value-number-${i}`)).toBeUndefined();
  expect(masks.learn(REPEATED)).toMatch(/told 100 values already/);
  expect(masks.learn('value-number-7')).toBeUndefined();
});

test('values of 32 kB together are hidden, and a shorter one that still fits', () => {
  const masks = mask();
  const long = (i: number) =>
    Array.from({ length: 780 }, (_, at) => `${i}.${at * 7_919}`)
      .join(':')
      .slice(0, 8_000);
  for (let i = 0; i < 4; i++) expect(masks.learn(long(i))).toBeUndefined();
  expect(masks.learn(long(5))).toMatch(/more than 32 kB together/);
  expect(masks.learn('a-short-value')).toBeUndefined();
});

test('what can not be hidden is looked at once, and not without end', () => {
  const masks = mask();
  const told = (value: string) => masks.learn(value) ?? 'is hidden';
  for (let i = 0; i < 1_000; i++) expect(told(REPEATED)).toMatch(/it repeats itself/);
  const others = Array.from({ length: 60 }, (_, i) => told(`${REPEATED}${i}`));
  expect(others.filter((because) => /it repeats itself/.test(because))).toHaveLength(42);
  expect(others.at(-1)).toMatch(/told more than 256 kB, most of which can't be hidden/);
  expect(told(REPEATED)).toMatch(/it repeats itself/);
  expect(told('abc')).toMatch(/fewer than 6/);
});

test('a key of many lines is hidden, and what has hundreds of them is not: each is looked for', () => {
  const masks = mask();
  const line = (i: number) => createHash('sha256').update(String(i)).digest('base64url').slice(0, 30);
  const lines = (count: number) => Array.from({ length: count }, (_, i) => line(i)).join('\n');
  expect(masks.learn(lines(201))).toBe('it has more than 200 lines');
  expect(masks.learn(lines(200))).toBeUndefined();
  expect(masks.hide(`<${line(199)}>`)).toBe('<***>');
});

test('a guess is hidden until the next one, and is no value', () => {
  const masks = mask();
  masks.guess(['the-first-guess', 'abc']);
  expect(masks.hide('the-first-guess abc')).toBe('*** abc');
  masks.guess(['another-guess']);
  expect(masks.hide('the-first-guess another-guess')).toBe('the-first-guess ***');
  masks.guess([]);
  expect(masks.hide('another-guess')).toBe('another-guess');
  expect(masks.values()).toEqual([]);
});

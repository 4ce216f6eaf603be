import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { heedMaskFile } from '../../../../src/activities/job/masks/heed-mask-file.js';
import { createJobMask, type JobMask } from '../../../../src/activities/job/masks/job-mask.js';
import { type MaskFile, openMaskFile } from '../../../../src/activities/job/masks/mask-file.js';
import { SpellingFinder } from '../../../../src/secrets/spelling-finder.js';
import { tempFolder } from '../../../support/temp-folder.js';

let path: string;
let file: MaskFile;
beforeEach(async () => {
  path = join(await tempFolder('mask-file'), 'mask');
  writeFileSync(path, '');
  file = openMaskFile(path);
});
afterEach(() => file.close());

const look = () => file.look({ all: true });

test('each whole line is taken once, and what has no end yet is told apart from it', () => {
  appendFileSync(path, 'first-value\nsecond-');
  expect(look()).toEqual({ lines: ['first-value'], rest: 'second-' });
  expect(look()).toEqual({ lines: [], rest: 'second-' });
  appendFileSync(path, 'value\r\n\nthird-value');
  expect(look()).toEqual({ lines: ['second-value'], rest: 'third-value' });
  appendFileSync(path, '\n');
  expect(look()).toEqual({ lines: ['third-value'], rest: '' });
  expect(file.isCut()).toBe(false);
});

test('a file that is written over is read from its beginning, also where it is as long as it was', () => {
  writeFileSync(path, 'value-number-1\n');
  expect(look()?.lines).toEqual(['value-number-1']);
  writeFileSync(path, 'value-number-2\n');
  expect(look()?.lines).toEqual(['value-number-2']);
  truncateSync(path);
  expect(look()).toEqual({ lines: [], rest: '' });
  writeFileSync(path, 'value-number-3\nvalue-number-4\n');
  expect(look()?.lines).toEqual(['value-number-3', 'value-number-4']);
});

test('of all that a step writes there, over and over, 64 kB are read, and only whole lines of it', () => {
  const line = (i: number) => `${'value-number'.repeat(80)}-${i}\n`;
  let read = 0;
  for (let round = 0; round < 40; round++) {
    writeFileSync(path, Array.from({ length: 3 }, (_, i) => line(round * 3 + i)).join(''));
    for (const each of look()?.lines ?? []) {
      expect(`${each}\n`).toBe(line(Number(/\d+$/.exec(each)?.[0])));
      read += each.length + 1;
    }
  }
  expect(file.isCut()).toBe(true);
  expect(read).toBeGreaterThan(62 * 1024);
  expect(read).toBeLessThanOrEqual(64 * 1024);
  writeFileSync(path, 'one-more-value\n');
  expect(look()).toBeUndefined();
});

test('a file of more than 64 kB is read up to there, and no half of a line counts', () => {
  writeFileSync(path, `${'a'.repeat(64 * 1024 - 20)}\nabcdefghijklmnopqrstuvwxyz\nlast-value\n`);
  const { lines = [], rest } = look() ?? {};
  expect([lines.length, rest, file.isCut()]).toEqual([1, '', true]);
});

/** Heeds a file for a step, whose job keeps what it is told. */
function heeded() {
  const masks: JobMask = createJobMask(new SpellingFinder());
  const notes: string[] = [];
  const jobLog = { note: async (text: string) => void notes.push(text) };
  const own = openMaskFile(path);
  return { masks, notes, end: heedMaskFile({ masks, jobLog }, own) };
}
const nextChunk = () => new Promise((resolve) => setImmediate(resolve));

test('a value that is written piece by piece is hidden as far as it is, and counts once, as a whole', async () => {
  const { masks, notes, end } = heeded();
  appendFileSync(path, 'beginning-');
  expect(masks.hide('beginning-, beginning-and-end')).toBe('***, ***and-end');
  await nextChunk();
  appendFileSync(path, 'and-end\n');
  expect(masks.hide('beginning-, beginning-and-end')).toBe('beginning-, ***');
  end();
  expect(masks.values()).toEqual(['beginning-and-end']);
  expect(notes).toEqual([]);
});

test('a last line without its end counts once the step has ended', () => {
  const { masks, end } = heeded();
  writeFileSync(path, 'a-value-without-end');
  expect(masks.hide('a-value-without-end')).toBe('***');
  expect(masks.values()).toEqual([]);
  end();
  expect(masks.values()).toEqual(['a-value-without-end']);
  expect(masks.hide('a-value-without-end')).toBe('***');
});

test('a step that writes a value letter by letter has 20 letters of it hidden, which stay so, and then the whole of it', async () => {
  const { masks, notes, end } = heeded();
  const value = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const shown: string[] = [];
  for (const letter of value) {
    appendFileSync(path, letter);
    shown.push(masks.hide(value));
    await nextChunk();
  }
  expect(shown.slice(0, 5)).toEqual(Array(5).fill(value));
  expect(shown.slice(5, 20)).toEqual(Array.from({ length: 15 }, (_, i) => `***${value.slice(6 + i)}`));
  expect(shown.slice(20)).toEqual(Array(16).fill(`***${value.slice(20)}`));
  appendFileSync(path, '\n');
  expect(masks.hide(value)).toBe('***');
  // Of the next line nothing is hidden before it has ended, nor anything of this one alone.
  appendFileSync(path, 'another-value');
  await nextChunk();
  expect(masks.hide(`${value.slice(0, 20)}, another-value`)).toBe(`${value.slice(0, 20)}, another-value`);
  end();
  expect(masks.values()).toEqual([value, 'another-value']);
  expect(notes).toEqual([expect.stringContaining('in more than 20 parts')]);
});

test('what is refused is told once the step has ended, whatever the number of lines, and that not all was read', () => {
  const { notes, end } = heeded();
  writeFileSync(path, `${'abc\n'.repeat(20_000)}`);
  end();
  expect(notes.sort()).toEqual([
    expect.stringContaining('it has fewer than 6 characters'),
    expect.stringContaining('more than 64 kB were written there, and the rest is not read'),
  ]);
});

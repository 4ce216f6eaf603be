import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { maskKnown } from '../../src/secrets/mask.js';
import { forgetReplaced, readReplaced, rotateFile, rotatingValues } from '../../src/secrets/rotating-file.js';
import { chosenSecret } from '../../src/secrets/secret-kinds.js';
import { tempFolder } from '../support/temp-folder.js';

const [FIRST, SECOND, THIRD] = [
  'the-first-secret-of-all-of-them',
  'the-second-secret-of-them-all',
  'the-third-secret-of-them-all.',
];
const HOUR = 3_600_000;

let path: string;
beforeEach(async () => {
  path = join(await tempFolder('rotating'), 'secrets', 'github');
  mkdirSync(dirname(path));
  writeFileSync(path, `${FIRST}\n`, { mode: 0o600 });
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

const rotate = (value: string, overlapMs: number) =>
  rotateFile(path, { value, until: Date.now() + overlapMs, now: Date.now() });
const values = () => rotatingValues(path, { first: FIRST, rule: chosenSecret }).values;

test('a rotation is seen within two seconds, both count for a time, and then the new one alone', () => {
  const now = values();
  expect(now()).toEqual([FIRST]);
  rotate(SECOND, HOUR);
  vi.advanceTimersByTime(2_000);
  expect(now()).toEqual([SECOND, FIRST]);
  expect(maskKnown(`it was ${SECOND}`)).toBe('it was ***');
  vi.advanceTimersByTime(HOUR - 2_001);
  expect(now()).toEqual([SECOND, FIRST]);
  vi.advanceTimersByTime(1);
  expect(now()).toEqual([SECOND]);
});

test('a second rotation ends nothing early, and who starts in between sees the same', () => {
  const now = values();
  rotate(SECOND, 2 * HOUR);
  rotate(THIRD, HOUR);
  vi.advanceTimersByTime(2_000);
  expect(now()).toEqual([THIRD, SECOND, FIRST]);
  expect(rotatingValues(path, { first: THIRD, rule: chosenSecret }).values()).toEqual([THIRD, SECOND, FIRST]);
  vi.advanceTimersByTime(HOUR);
  expect(now()).toEqual([THIRD, FIRST]);
});

test('without an overlap the old one ends at once, and those before it that still counted go on', () => {
  const now = values();
  rotate(SECOND, HOUR);
  rotate(THIRD, 0);
  vi.advanceTimersByTime(2_000);
  expect(now()).toEqual([THIRD, FIRST]);
});

test.each([
  ['is cut short', () => writeFileSync(path, 'x')],
  ['is gone', () => rmSync(path)],
  ['can not be read as a list', () => writeFileSync(`${path}.replaced`, '{')],
])('a file that %s changes nothing', (_, spoil) => {
  const now = values();
  spoil();
  vi.advanceTimersByTime(2_000);
  expect(now()).toEqual([FIRST]);
});

test('files that can not be read for a while change nothing, and are looked at again', () => {
  const now = values();
  rotate(SECOND, HOUR);
  vi.advanceTimersByTime(2_000);
  expect(now()).toEqual([SECOND, FIRST]);
  for (const each of [path, `${path}.replaced`]) {
    // A disk that is away, for one, lets nobody look at the file; what is there and can't be read is the other case.
    for (const spoil of [() => symlinkSync(each, each), () => mkdirSync(each)]) {
      renameSync(each, `${each}.aside`);
      spoil();
      vi.advanceTimersByTime(2_000);
      expect(now()).toEqual([SECOND, FIRST]);
      rmSync(each, { recursive: true });
      renameSync(`${each}.aside`, each);
    }
  }
  rotate(THIRD, HOUR);
  vi.advanceTimersByTime(2_000);
  expect(now()).toEqual([THIRD, SECOND, FIRST]);
});

test.runIf(process.getuid?.() === 0)('the files stay with the user that had the secret, for its eyes alone', () => {
  chownSync(path, 12_345, 54_321);
  chmodSync(path, 0o640);
  rotate(SECOND, HOUR);
  for (const each of [path, `${path}.replaced`])
    expect([statSync(each).uid, statSync(each).gid, statSync(each).mode & 0o777]).toEqual([12_345, 54_321, 0o600]);
});

test('what counts no more is deleted, and what still counts is not', () => {
  const folder = dirname(path);
  rotate(SECOND, HOUR);
  rotate(THIRD, 2 * HOUR);
  expect(forgetReplaced(folder, Date.now())).toBe(0);
  expect(forgetReplaced(folder, Date.now() + HOUR)).toBe(1);
  expect(readFileSync(`${path}.replaced`, 'utf8')).not.toContain(FIRST);
  expect(readReplaced(path, Date.now()).map(({ value }) => value)).toEqual([SECOND]);
  expect(forgetReplaced(folder, Date.now() + 2 * HOUR)).toBe(1);
  expect(readdirSync(folder)).toEqual(['github']);
  expect(forgetReplaced(join(folder, 'nowhere'), Date.now())).toBe(0);
});

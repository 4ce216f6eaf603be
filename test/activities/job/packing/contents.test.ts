import { expect, test } from 'vitest';
import { readContents } from '../../../../src/activities/job/packing/contents.js';
import { MOST_PATHS, type MostPaths } from '../../../../src/activities/path-count.js';

const line = (path: string, kind = '-', to = '') =>
  `${kind}rw-r--r-- 0/0 0 2026-01-01 00:00 ${JSON.stringify(path)}${to}\n`;
const read = (lines: readonly string[], most: Partial<MostPaths> = {}) => {
  const reading = readContents({ ...MOST_PATHS, ...most });
  for (const one of lines) reading.add(Buffer.from(one));
  return reading.end();
};

test('an archive of many files in deep folders is read: each folder is judged once', () => {
  const deep = `./${'f/'.repeat(200)}`;
  const reading = readContents();
  for (let i = 0; i < 30_000; i++) reading.add(Buffer.from(line(`${deep}${i}`)));
  expect(reading.end().links.size).toBe(0);
});

test('an archive of more files and folders than a worker has in memory is refused, however they are spread', () => {
  const files = ['./a', './b', './c'].map((path) => line(path));
  expect(read(files, { count: 3 }).links.size).toBe(0);
  expect(() => read(files, { count: 2 })).toThrow('its archive has more than 2 files and folders');
  expect(() => read([line('./a/b/c/d')], { count: 2 })).toThrow('its archive has more than 2 files and folders');
});

test('an archive whose paths are longer together than a worker has in memory is refused, be they of files, folders or where links lead', () => {
  const path = 'f'.repeat(100);
  const refused = 'the paths in its archive have more than 299 characters together';
  const all: readonly (readonly string[])[] = [
    ['a', 'b', 'c'].map((folder) => line(`./${folder}/${path.slice(2)}`)),
    [line(`./${path}/${path}`, 'd'), line(`./${path.slice(1)}`)],
    [line('./a', 'l', ` -> ${JSON.stringify(path.repeat(3))}`)],
    [line(`./${path}/a/${path}/a`)],
  ];
  for (const lines of all) {
    expect(read(lines, { characters: 1_000 }).links.size).toBeLessThan(2);
    expect(() => read(lines, { characters: 299 })).toThrow(refused);
  }
});

test('one that goes deeper than files ever do is refused, and so is a line without an end', () => {
  expect(() => read([line(`./${'x/'.repeat(500)}y`)])).toThrow('x/y" is more than 500 folders deep');
  const reading = readContents();
  for (let i = 0; i < 10; i++) reading.add(Buffer.alloc(10_000, 'x'));
  expect(() => reading.end()).toThrow('is longer than a path can be');
});

test('a hard link to a link is a link too, which leads on from where it lies', () => {
  const { links } = read([line('./a/x', 'l', ' -> "../b"'), line('./c/d/y', 'h', ' link to "./a/x"')]);
  expect([...links]).toEqual([
    ['a/x', '../b'],
    ['c/d/y', '../b'],
  ]);
  expect(() => read([line('./x', 'l', ' -> "a"'), line('./y', 'h', ' link to "./x"'), line('./y/z')])).toThrow(
    '"y/z" lies below what is no folder',
  );
});

test('the name of what is refused is told in quotes, and without what would write more lines', () => {
  const name = `\\n\\r\\033[2J${'z'.repeat(250)}`;
  const said = () => read([`prw-r--r-- 0/0 0 2026-01-01 00:00 "./${name}"\n`]);
  expect(said).toThrow(/^in its archive, "\\n\\r\\u001b\[2Jz{250}" is neither a file nor a folder nor a link$/);
});

test('a name is told whole, and of one that is longer than a path can be no more than its first folders', () => {
  const folder = `${'f'.repeat(250)}/`;
  const path = (folders: number) => `${folder.repeat(folders)}a-secret`;
  const said = (folders: number) => () => read([line(`./${path(folders)}`, 'p')]);
  expect(said(16)).toThrow(`"${path(16)}" is neither`);
  // Cut in the middle of a name, whatever hides secrets would not find the one that begins there.
  expect(said(20)).toThrow(`"${folder.repeat(16)}…" is neither`);
  const unreadable = readContents();
  unreadable.add(Buffer.from(`${'a-secret'.repeat(600)}\n`));
  expect(() => unreadable.end()).toThrow('in its archive, "…" is no path below it');
});

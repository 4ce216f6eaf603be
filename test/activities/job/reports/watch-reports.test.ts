import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileTime } from '../../../../src/activities/job/reports/file-time.js';
import { watchReports } from '../../../../src/activities/job/reports/watch-reports.js';
import { tempFolder } from '../../../support/temp-folder.js';

const PASSED = '<testsuite name="s"><testcase name="a"/></testsuite>';
const FAILED = '<testsuite name="s"><testcase name="b token"><failure message="no"/></testcase></testsuite>';

async function watch(root?: string) {
  const folder = root ?? (await tempFolder('watched'));
  const over = new AbortController();
  const told: string[] = [];
  const watching = watchReports({
    ...{ root: folder, patterns: ['*.xml', '*.tap'], since: root ? 0 : fileTime(folder) },
    mask: (text) => text.replace('token', '***'),
    until: over.signal,
    onFailed: ({ name }) => told.push(name),
    pauseMs: 5,
  });
  const end = async () => {
    over.abort();
    return [...((await watching)?.failed.values() ?? [])].map(({ name }) => name);
  };
  return { told, end, write: (name: string, text: string) => writeFile(join(folder, name), text), folder };
}

test('the first report with a failing test is told of while others are still written, once, secrets masked', async () => {
  const { told, end, write } = await watch();
  await write('a.xml', PASSED);
  await write('b.xml', FAILED);
  await expect.poll(() => told).toEqual(['b ***']);
  await write('c.xml', FAILED);
  expect(await end()).toEqual(['b ***']);
  expect(told).toHaveLength(1);
});

test('a report that is half written is read again once it has grown, and one that is replaced, too', async () => {
  const { told, end, write } = await watch();
  await write('a.xml', FAILED.slice(0, -5));
  await write('a.xml', FAILED);
  await expect.poll(() => told).toEqual(['b ***']);
  await end();
  const other = await watch();
  await other.write('a.xml', PASSED);
  await other.write('a.new', FAILED);
  await rename(join(other.folder, 'a.new'), join(other.folder, 'a.xml'));
  await expect.poll(() => other.told).toEqual(['b ***']);
  await other.end();
});

test('a growing report of TAP is read as far as its lines have ended', async () => {
  const { told, end, write } = await watch();
  await write('a.tap', '1..9\nok 1 - a\nnot ok 2 - b # TODO\nnot ok 3 - c\nok 4 - d\nnot ok 5 - e');
  await expect.poll(() => told).toEqual(['c']);
  expect(await end()).toEqual(['c']);
});

test('a step that writes no report, or whose folder is gone, has nothing that failed', async () => {
  const gone = await watch(join(await tempFolder('gone'), 'not-there'));
  expect(await gone.end()).toEqual([]);
  const { end, write, told } = await watch();
  await write('a.xml', PASSED);
  await write('b.xml', 'no XML');
  expect(await end()).toEqual([]);
  expect(told).toEqual([]);
});

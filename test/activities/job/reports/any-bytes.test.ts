import { appendFile, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createAccount } from '../../../../src/activities/job/reports/account.js';
import { idOf } from '../../../../src/activities/job/reports/raw-case.js';
import { readReport } from '../../../../src/activities/job/reports/read-report.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { fixture, outcomesOf, readJunit } from './reports.js';

let folder: string;
beforeAll(async () => {
  folder = await tempFolder('any-bytes');
});

const XML = fc.constantFrom(
  '<testsuite name="s">',
  '</testsuite>',
  '<testcase name="a">',
  '<testcase name="b"/>',
  '<testcase name="a" classname="é🚀"><failure message="no">at a.js:1:2</failure></testcase>',
  '</testcase>',
  '<failure/>',
  '<error>',
  '</error>',
  '<system-out><![CDATA[ \u001b[31m ]]></system-out>',
  '<!-- c -->',
  '<?xml version="1.0" encoding="UTF-8"?>',
  '&amp;',
  '&#27;',
);
const TAP = fc.constantFrom(
  'ok 1 - a\n',
  'not ok 2 - b\n',
  '    not ok 1 - c\n',
  'not ok 4 - g {\n',
  '}\n',
  '1..2\n',
  '# Subtest: g\n',
  '  ---\n',
  '  ...\n',
  'not ok 3 # TODO\n',
  'Bail out!\n',
);
const SOME = fc.oneof(
  { weight: 4, arbitrary: XML },
  { weight: 2, arbitrary: TAP },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);
const written = fc.oneof(
  fc.array(SOME, { maxLength: 25 }).map((parts) => Buffer.from(parts.join(''))),
  fc.array(XML, { maxLength: 12 }).map((parts) => Buffer.from(`<testsuites>${parts.join('')}</testsuites>`)),
  fc.array(TAP, { maxLength: 12 }).map((parts) => Buffer.from(parts.join(''))),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom('gtest.xml', 'surefire.xml', 'pytest.xml', 'node.tap').map((name) => Buffer.from(fixture(name))),
  fc.array(XML, { maxLength: 8 }).map((parts) => Buffer.from(`\ufeff<a>${parts.join('')}</a>`, 'utf16le')),
);
/** Where the bytes are cut, as parts of all. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 });

async function read(path: string, isGrowing: boolean) {
  const account = createAccount();
  const file = await open(path);
  try {
    const isWhole = await readReport(file, account, { mask: (text) => text, isGrowing });
    return { account, isWhole };
  } finally {
    await file.close();
  }
}

test('whatever a step writes, and however it comes, it is read without an error, and no failure is told early that is none in the end', async () => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(written, cuts, async (bytes, at) => {
      const path = join(folder, 'report');
      await rm(path, { force: true });
      const early = new Set<string>();
      const ends = [...at.map((part) => Math.floor(part * bytes.length)).sort((a, b) => a - b), bytes.length];
      let begin = 0;
      for (const end of ends) {
        await appendFile(path, bytes.subarray(begin, end));
        begin = end;
        const { account, isWhole } = await read(path, true);
        if (isWhole) for (const found of account.failed()) early.add(idOf(found));
      }
      const { account } = await read(path, false);
      const known = new Set([...account.failed(), ...account.flaky()].map(idOf));
      for (const id of early) expect(known).toContain(id);
      told += early.size;
      const { passed, failed, skipped, notes } = account.totals();
      expect(Math.min(passed, failed, skipped)).toBeGreaterThanOrEqual(0);
      expect(account.told().length).toBeLessThanOrEqual(50);
      expect(notes.length).toBeLessThanOrEqual(20);
    }),
    { numRuns: 300 },
  );
  expect(told).toBeGreaterThan(0);
});

test('pieces of XML tell the same tests as the whole', () => {
  const text = fc.array(XML, { maxLength: 12 }).map((parts) => `<testsuites>${parts.join('')}</testsuites>`);
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (xml, pieces) => {
      expect(outcomesOf(readJunit(xml, pieces))).toEqual(outcomesOf(readJunit(xml)));
    }),
    { numRuns: 300 },
  );
});

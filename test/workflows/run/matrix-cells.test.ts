import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../src/workflows/run/cells/cell.js';
import { nameInCell, statusNameInCell } from '../../../src/workflows/run/cells/names.js';
import { reportTogether } from '../../../src/workflows/run/cells/statuses.js';
import { cellInWords, cellsOf, suffixesOf } from '../../../src/workflows/run/matrix-cells.js';

describe('the cells of a matrix', () => {
  test('are all combinations, in the order of the values', () => {
    expect(cellsOf({ node: [20, 24], os: ['linux', 'mac'] }, {})).toEqual([
      { node: 20, os: 'linux' },
      { node: 20, os: 'mac' },
      { node: 24, os: 'linux' },
      { node: 24, os: 'mac' },
    ]);
  });

  test('lack those that are excluded, and end with those that are included and not there yet', () => {
    const cells = cellsOf(
      { node: [20, 24], os: ['linux', 'mac'] },
      {
        exclude: [{ os: 'mac' }],
        include: [
          { node: 24, os: 'linux' },
          { node: 26, os: 'mac' },
          { node: 26, os: 'mac' },
        ],
      },
    );
    expect(cells.map(cellInWords)).toEqual(['node 20, os linux', 'node 24, os linux', 'node 26, os mac']);
  });

  test.each([
    [{}, {}, /there is no cell/],
    [{ node: [] }, {}, /"node" must have values/],
    [{ node: [20, undefined as never] }, {}, /"node" must have values, each a text, a number or a boolean/],
    [{ node: 20 as never }, {}, /"node" must have values/],
    [{ node: [20] }, { exclude: [{ node: 20 }] }, /there is no cell: .*exclude less/],
    [{ node: [20], os: ['a'] }, { include: [{ node: 24 }] }, /"os" of a cell in "include" must have values/],
    [{ node: [20] }, { include: [{ node: 24, os: {} as never }] }, /"os" of a cell in "include" must have values/],
    [{ node: [20] }, { exclude: [{ nod: 20 }] }, /"exclude" says "nod", which no cell has: there are node/],
    [{ a: Array(17).fill(1), b: Array(16).fill(1) }, {}, /272 cells are more than 256/],
    [Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`n${i}`, [1, 2, 3]])), {}, /are more than 256/],
  ])('can not be those of %j with %j', (axes, options, message) => {
    expect(() => cellsOf(axes, options)).toThrow(message);
  });
});

describe("the names of cells' jobs", () => {
  const long = 'x'.repeat(60);

  test('hold the values as far as names may, and are different ones', () => {
    const values = ['20', 'a b', 'a/b', '', '$(id)', long, `${long}y`, 'a-b-3', 'ü'];
    const suffixes = suffixesOf(values.map((value) => ({ value })));
    expect(suffixes.slice(0, 3)).toEqual(['20', 'a-b', 'a-b-3']);
    expect(new Set(suffixes).size).toBe(values.length);
    for (const suffix of suffixes) expect(suffix).toMatch(/^[\w.-]{1,30}$/);
  });

  test('property: are found, and differ, whatever the values are, also such as end as those that are made up', () => {
    const value = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom('x', 'x'.repeat(26), 'x'.repeat(40)), fc.nat({ max: 9 })).map(([x, n]) => `${x}-${n}`),
    );
    const differ = fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
      const suffixes = suffixesOf(values.map((one) => ({ one })));
      expect(new Set(suffixes).size).toBe(values.length);
      for (const suffix of suffixes) expect(suffix).toMatch(/^[\w.-]{1,30}$/);
    });
    fc.assert(differ, { numRuns: 300 });
    const [first, second, third] = suffixesOf([long, `${'x'.repeat(26)}-3`, `${long}y`].map((one) => ({ one })));
    expect([first, second, third]).toEqual(['x'.repeat(30), `${'x'.repeat(26)}-3`, `${'x'.repeat(26)}-4`]);
  });

  const cell = (change: Partial<Cell> = {}): Cell => ({
    ...{
      suffix: '20',
      place: 3,
      statuses: undefined,
      around: undefined,
      known: { jobs: new Map(), passed: new Set() },
    },
    ...{ jobs: [], open: new Set<Promise<unknown>>() },
    ...change,
  });

  test('differ where they are too long, also of jobs that begin alike; each time the same', () => {
    const long = 'browser-tests-of-the-checkout-with-saved-cards-of-';
    const names = ['ada', 'bob', 'cy'].map((who) => `${long.slice(0, 47)}${who}`);
    const shown = names.map((name) => nameInCell(name, cell()));
    expect(new Set(shown).size).toBe(3);
    for (const name of shown) expect(name.length).toBeLessThanOrEqual(50);
    expect(shown[0]).toBe(`${long.slice(0, 46)}-3`);
    expect([...names].reverse().map((name) => nameInCell(name, cell()))).toEqual([...shown].reverse());
  });

  test('follow the job, and those of the matrix around; with one status for all, the status keeps the name', () => {
    expect(nameInCell('test', cell())).toBe('test-20');
    expect(nameInCell('test', cell({ around: cell({ suffix: 'mac' }) }))).toBe('test-mac-20');
    expect(statusNameInCell('test', cell())).toBe('test-20');
    expect(statusNameInCell('test', cell({ statuses: new Map() }))).toBe('test');
    expect(statusNameInCell('test', cell({ around: cell({ suffix: 'mac', statuses: new Map() }) }))).toBe('test-20');
    expect([nameInCell('test', undefined), statusNameInCell('test', undefined)]).toEqual(['test', 'test']);
  });

  test('that would be too long have the number of the cell', () => {
    const name = nameInCell('y'.repeat(50), cell({ suffix: 'x'.repeat(30) }));
    expect(name).toBe(`${'y'.repeat(46)}-3`);
  });
});

describe('one status for all cells', () => {
  const status = (state: 'success' | 'failure' | 'error' | 'pending', description: string) => ({
    ...{ source: 'github', repository: 'acme/app', sha: 'a', context: 'hookyard/ci/test' },
    ...{ state, description },
  });
  const together = (...reported: { status: ReturnType<typeof status>; suffix: string }[]) => {
    const told: unknown[] = [];
    reportTogether(new Map([['test', reported]]), ({ state, description }) => told.push({ state, description }));
    return told;
  };

  test('passes if all have, by how each has ended last', () => {
    expect(
      together(
        { suffix: '20', status: status('pending', 'tried again') },
        { suffix: '20', status: status('success', 'passed') },
        { suffix: '24', status: status('success', 'passed') },
      ),
    ).toEqual([{ state: 'success', description: 'all 2 passed' }]);
    expect(together({ suffix: '20', status: status('success', 'passed in 2 s') })).toEqual([
      { state: 'success', description: 'passed in 2 s' },
    ]);
  });

  test('names what failed before what was cancelled because of it', () => {
    expect(
      together(
        { suffix: '20', status: status('error', 'cancelled') },
        { suffix: '22', status: status('success', 'passed') },
        { suffix: '24', status: status('failure', '"npm test" failed') },
      ),
    ).toEqual([{ state: 'failure', description: '2 of 3 did not pass; 24: "npm test" failed' }]);
    expect(
      together({ suffix: '20', status: status('error', 'a') }, { suffix: '24', status: status('error', 'b') }),
    ).toEqual([{ state: 'error', description: '2 of 2 did not pass; 20: a' }]);
  });
});

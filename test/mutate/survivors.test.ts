import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { changeOf, onOneLine, readSurvivors } from './survivors.mjs';

const survivors = readSurvivors(join(packageRoot, 'test/mutate/survivors.md'));

test('every change that survivors.md explains is of code that is still there, and has a reason', () => {
  expect(survivors.length).toBeGreaterThan(0);
  for (const { file, reason, change } of survivors) {
    const path = join(packageRoot, file);
    expect(existsSync(path), file).toBe(true);
    const [, , before = ''] = /^(`+) ?(.*?) ?\1 → /.exec(change) ?? [];
    expect(onOneLine(readFileSync(path, 'utf8')), `${file}: ${change}`).toContain(before);
    expect(reason, change).toMatch(/^[A-Z].*\.$/);
  }
});

test('a change is written on one line, with what it takes away and what it puts there', () => {
  const source = 'const a =\n  first(\n    second,\n  );\n';
  const location = { start: { line: 2, column: 3 }, end: { line: 4, column: 4 } };
  expect(changeOf(source, { location, replacement: '' })).toBe('`first( second, )` → ``  ``');
  expect(
    changeOf('x(`a`)', {
      location: { start: { line: 1, column: 3 }, end: { line: 1, column: 6 } },
      replacement: '"b"',
    }),
  ).toBe('`` `a` `` → `"b"`');
});

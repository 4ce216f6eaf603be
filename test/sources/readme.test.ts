import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceSchema } from '../../src/config/source-schema.js';
import { packageRoot } from '../../src/paths.js';

const kinds = sourceSchema.options.map((option) => option.shape.kind.value);

test("the README's table of sources has every kind, and no other", () => {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');
  const table = readme.slice(readme.indexOf('| kind | verified by |')).split('\n\n', 1)[0] ?? '';
  const named = table
    .split('\n')
    .slice(2)
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, kind]) => kind));
  expect(named.sort()).toEqual([...kinds].sort());
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { providerTable } from './provider-table.js';

const path = join(packageRoot, 'README.md');
const BEGIN = '<!-- providers: made from the code by UPDATE_README=1 npm test -- test/providers/readme.test.ts -->\n';
const END = '<!-- /providers -->';

test("the README's table of providers is what the code says", async () => {
  const readme = readFileSync(path, 'utf8');
  const [before = '', rest = ''] = readme.split(BEGIN);
  const [table = '', after = ''] = rest.split(END);
  const made = await providerTable();
  if (process.env.UPDATE_README) writeFileSync(path, `${before}${BEGIN}${made}${END}${after}`);
  else expect(table).toBe(made);
});

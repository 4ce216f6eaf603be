import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const pages = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

/** Paths of this repository as prose names them: `src/…`, without a placeholder in them. */
function pathsIn(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/`((?:src|test|bench|docs|deploy|scripts|automations)\/[\w./-]*)`/g)].map(
    (match) => match[1] ?? '',
  );
}

test.each(pages)('%s names no file or folder of this repository that is not there', (page) => {
  expect(pathsIn(page).filter((path) => !existsSync(path))).toEqual([]);
});

test('the page on the architecture names the files that a delivery and a job go through', () => {
  const named = pathsIn('docs/architecture.md').filter((path) => path.endsWith('.ts'));
  expect(named.length).toBeGreaterThan(30);
});

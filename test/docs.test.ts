import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROVIDERS } from '../src/providers/index.js';

const pages = ['README.md', ...readdirSync('docs', { recursive: true }).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const gitKinds = Object.entries(PROVIDERS).flatMap(([kind, { facts }]) => ('clone' in facts ? [kind] : []));

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

describe.each(gitKinds)('the page of the provider %s', (kind) => {
  const text = () => readFileSync(`docs/providers/${kind}.md`, 'utf8');

  test('is linked from the README, and says how to begin and where it ends', () => {
    expect(readFileSync('README.md', 'utf8')).toContain(`](docs/providers/${kind}.md)`);
    const headings = [...text().matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(headings).toEqual([
      'Account',
      'Rights',
      'First webhook',
      'What is asked of its settings',
      "What it can't do",
    ]);
  });

  test('leads only to pages that are there', () => {
    const linked = [...text().matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '');
    expect(linked.filter((path) => !existsSync(join(dirname(`docs/providers/${kind}.md`), path)))).toEqual([]);
  });
});

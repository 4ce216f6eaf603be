import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { PROVIDERS } from '../src/providers/index.js';
import * as kit from '../src/workflows/kit/index.js';

const pages = ['README.md', ...readdirSync('docs', { recursive: true }).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const main = readFileSync('src/cli/main.ts', 'utf8');
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

test('the README names each command', () => {
  const [, commands = ''] = /^const COMMANDS = \{\n([\s\S]*?)^\}/m.exec(main) ?? [];
  const names = [...commands.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(30);
  const readme = readFileSync('README.md', 'utf8');
  expect(names.filter((name) => !new RegExp(`\`hookyard ${name}\\b`).test(readme))).toEqual([]);
});

test.each(pages)('%s names no command and no option that is not there', async (page) => {
  const text = readFileSync(page, 'utf8').replaceAll(/\n\s*/g, ' ');
  const called = [...text.matchAll(/`(?:npx |[^`]*?node bin\/)?hookyard(?:\.mjs)? ([a-z][^`]*)`/g)].map(
    ([, words = '']) => words,
  );
  const wrong = await Promise.all(called.map(async (words) => ((await isThere(words)) ? [] : [words])));
  expect(wrong.flat()).toEqual([]);
});

/** Returns whether the command that a text begins with is there, and has the options that are in it. */
async function isThere(words: string): Promise<boolean> {
  const [name = '', below] = words.split(' ');
  const [, file, exported = ''] =
    new RegExp(`^ {2}${name}: .*'\\./commands/([\\w-]+)\\.js'\\)\\)\\.(\\w+)`, 'm').exec(main) ?? [];
  if (file === undefined) return false;
  const whole: Command = (await import(`../src/cli/commands/${file}.ts`))[exported]();
  const named = whole.commands.filter((command) => command.name() === below);
  const commands = named.length > 0 ? named : [whole, ...whole.commands];
  const options = new Set(['--help', ...commands.flatMap(({ options }) => options.map(({ long }) => long))]);
  return [...words.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].every(([option]) => options.has(option));
}

test.each(pages)('%s leads only to pages and headings that are there', (page) => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
  const lost = links.filter(([, path = '', heading]) => {
    const to = path === '' ? page : join(dirname(page), path);
    return !existsSync(to) || (heading !== undefined && !headingsOf(to).includes(heading));
  });
  expect(lost.map(([link]) => link)).toEqual([]);
});

/** Returns the headings of a page as links name them. */
function headingsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('the README says what each package of development is for', () => {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const readme = readFileSync('README.md', 'utf8');
  expect(Object.keys(devDependencies).filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('each function that automations import is in a page', () => {
  const text = pages.map((page) => readFileSync(page, 'utf8')).join('\n');
  const called = Object.keys(kit).filter((name) => name !== 'TriggerError');
  expect(called.filter((name) => !new RegExp(`\`[^\`\n]*\\b${name}\\b`).test(text))).toEqual([]);
});

test('the page on events names each field of an event', () => {
  const page = readFileSync('docs/events.md', 'utf8');
  const files = readdirSync('src/events').filter((name) => /^(event|event-base|.*-events?)\.ts$/.test(name));
  const fields = files.flatMap((file) =>
    [...readFileSync(`src/events/${file}`, 'utf8').matchAll(/\breadonly (\w+)\??:/g)].map(([, field]) => field),
  );
  expect(new Set(fields).size).toBeGreaterThan(60);
  expect([...new Set(fields)].filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
});

test('the page on jobs names each variable that a step has', () => {
  const page = readFileSync('docs/jobs.md', 'utf8');
  const names = ['environment.ts', 'checkout.ts'].flatMap((file) =>
    [...readFileSync(`src/activities/job/${file}`, 'utf8').matchAll(/[ {]([A-Z]+(?:_[A-Z]+)*): /g)].map(
      ([, name]) => name,
    ),
  );
  expect(names).toContain('HOOKYARD_COMMIT');
  const ofGit = ['GIT_ALTERNATE_OBJECT_DIRECTORIES'];
  expect(names.filter((name = '') => !ofGit.includes(name) && !page.includes(`\`${name}\``))).toEqual([]);
});

test('the page on scaling says how often a running job beats, which is what it costs', () => {
  for (const file of ['heartbeat.ts', 'job/open-job.ts']) {
    const [, ms = ''] = /HEARTBEAT_MS = ([\d_]+);/.exec(readFileSync(`src/activities/${file}`, 'utf8')) ?? [];
    expect(readFileSync('docs/scaling.md', 'utf8')).toContain(`beats every ${Number(ms.replace('_', '')) / 1_000} s`);
  }
});

test.each(pages)('%s has no step call npx, which would fetch a package of our name that is not ours', (page) => {
  expect(readFileSync(page, 'utf8')).not.toMatch(/\| npx hookyard/);
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
});

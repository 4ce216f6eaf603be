import { readdirSync, readFileSync } from 'node:fs';
import picomatch from 'picomatch';
import { expect, test } from 'vitest';
import { findCycle, roomOf, type SourceImport, sourceImports } from './support/source-imports.js';

const imports = sourceImports('src');
const written = (one: SourceImport) => `${one.file} → ${one.target}`;
const [rooms, packages] = readTable();

test('the table of the README has a row for each room of src', () => {
  const there = readdirSync('src').map(roomOf);
  expect([...rooms.keys()].sort()).toEqual(there.sort());
});

test('a room imports what the table of the README allows, and nothing else', () => {
  const refused = imports.filter((one) => {
    const room = roomOf(one.file);
    if (one.kind === 'package') return !allows(packages.get(room), one.target);
    return roomOf(one.target) !== room && !allows(rooms.get(room), one.target.replace(/\.tsx?$/, ''));
  });
  expect(refused.map((one) => `${one.file} may not import ${one.target}`)).toEqual([]);
});

test('imports never go in a circle, neither between files nor between rooms', () => {
  expect(findCycle(graph(imports.filter((one) => one.kind === 'ours')))).toBeUndefined();
  const between = imports
    .filter((one) => one.kind === 'ours' && roomOf(one.file) !== roomOf(one.target))
    .map((one) => ({ ...one, file: roomOf(one.file), target: roomOf(one.target) }));
  expect(findCycle(graph(between))).toBeUndefined();
});

test('the receiver imports the webhook side of providers, and never loads their API side', () => {
  const receiver = imports.filter((one) => ['server', 'intake'].includes(roomOf(one.file)));
  const isApi = (file: string) => file === 'providers/index.ts' || picomatch.isMatch(file, 'providers/*/api/**');
  expect(receiver.filter((one) => isApi(one.target)).map(written)).toEqual([]);
  expect(
    reachedFrom(['server', 'intake'])
      .filter((one) => isApi(one.target))
      .map(written),
  ).toEqual([]);
});

test('the workflow sandbox gets neither Node nor zod, through whatever file', () => {
  const sandbox = ['@temporalio/workflow', '@temporalio/common', 'picomatch', 'fast-sha256'];
  const reached = reachedFrom(['workflows']).filter((one) => one.kind === 'package' && !sandbox.includes(one.target));
  expect(reached.map(written)).toEqual([]);
});

test('a view is made from an answer alone: it loads no API, no store and nothing of Node, and writes no markup as text', () => {
  const views = imports.filter((one) => one.file.startsWith('server/page/views/'));
  const isAllowed = ({ kind, target, typeOnly }: SourceImport) =>
    typeOnly ||
    (kind === 'package'
      ? ['preact', 'preact/hooks'].includes(target)
      : ['events/**', 'server/page/**', 'server/api/search-deliveries.ts', 'runs/search-attributes.ts'].some((glob) =>
          picomatch.isMatch(target, glob),
        ));
  expect(views.filter((one) => !isAllowed(one)).map(written)).toEqual([]);
  const files = readdirSync('src/server/page', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  );
  expect(files.length).toBeGreaterThan(20);
  expect(
    files.filter((name) =>
      /dangerouslySetInnerHTML|innerHTML|style=|\bon[A-Z]\w+=/.test(readFileSync(`src/server/page/${name}`, 'utf8')),
    ),
  ).toEqual([]);
});

/** What runs with the whole environment on purpose. */
const WITH_ALL: Readonly<Record<string, string>> = {
  'cli/worker-process/fork.ts': 'the worker is Hookyard itself',
  'cli/commands/open.ts': "a person's own browser",
  'cli/client/edit-text.ts': "a person's own editor",
};

test('no program gets the environment of Hookyard, which has its secrets', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const calls = files.flatMap((file) => {
    const text = readFileSync(`src/${file}`, 'utf8');
    const callers = /import \{([^}]+)\} from '(?:node:child_process|execa)'/g;
    const names = [...text.matchAll(callers)].flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
    return names
      .filter((name) => /^[a-z]/.test(name))
      .flatMap((name) => callsOf(name, text).map((call) => ({ file, name, call, text })));
  });
  expect(calls.length).toBeGreaterThan(20);
  const open = calls.filter(({ file, name, call, text }) => {
    // Options that have a name stand elsewhere in the file.
    const said = /\boptions(Of)?\b/.test(call) ? text : call;
    const isExact = name !== 'execa' || said.includes('extendEnv: false');
    return WITH_ALL[file] === undefined && !(/\benv\b/.test(said) && isExact);
  });
  expect(open.map(({ file, call }) => `${file}: ${call.slice(0, 60)}`)).toEqual([]);
  const kept = Object.keys(WITH_ALL).filter((file) => !calls.some((one) => one.file === file));
  expect(kept).toEqual([]);
});

test('tests that mock a module load anew what is to get it, so that they pass after whatever ran before them', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  const mocking = files.filter((name) => /^vi\.mock\(/m.test(readFileSync(`test/${name}`, 'utf8')));
  expect(mocking.length).toBeGreaterThan(3);
  expect(mocking.filter((name) => !/^loadAnewHere\(\);$/m.test(readFileSync(`test/${name}`, 'utf8')))).toEqual([]);
});

/** Returns the calls of a function in a source text, each up to its closing bracket. */
function callsOf(name: string, text: string): readonly string[] {
  return [...text.matchAll(new RegExp(`(?<![\\w.])${name}\\(`, 'g'))].map(({ index }) => {
    let depth = 0;
    for (let at = index; at < text.length; at += 1) {
      if (text[at] === '(') depth += 1;
      if (text[at] === ')' && --depth === 0) return text.slice(index, at + 1);
    }
    return text.slice(index);
  });
}

/** Returns, by room, what the second and third column of the README's table name. */
function readTable(): readonly [Map<string, string[]>, Map<string, string[]>] {
  const text = readFileSync('README.md', 'utf8').split('| room | may import | packages |')[1]?.split('\n\n')[0] ?? '';
  const rows = [...text.matchAll(/^\| `(.+?)` \|(.*)\|(.*)\|$/gm)];
  const column = (at: number) =>
    new Map(rows.map((row) => [row[1] ?? '', [...(row[at] ?? '').matchAll(/`(.+?)`/g)].map((name) => name[1] ?? '')]));
  return [column(2), column(3)];
}

/** A name allows itself and all below it; a star stands for any name. */
function allows(names: readonly string[] | undefined, target: string): boolean {
  return (names ?? []).some((name) => picomatch.isMatch(target, [name, `${name}/**`]));
}

function graph(edges: readonly SourceImport[]): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const one of edges) all.set(one.file, (all.get(one.file) ?? new Set()).add(one.target));
  return all;
}

/** Returns the imports that are executed when the files of some rooms are, at whatever distance. */
function reachedFrom(start: readonly string[]): readonly SourceImport[] {
  const executed = imports.filter((one) => !one.typeOnly);
  const files = new Set(executed.map((one) => one.file).filter((file) => start.includes(roomOf(file))));
  for (const file of files)
    for (const one of executed) if (one.file === file && one.kind === 'ours') files.add(one.target);
  return executed.filter((one) => files.has(one.file));
}

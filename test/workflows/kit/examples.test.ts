import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as config from '../../../src/config/index.js';
import { packageRoot } from '../../../src/paths.js';
import * as kit from '../../../src/workflows/kit/index.js';
import { wholeModule } from './whole-module.js';

/** Every `@example` of the functions that authors call is a module of its own, as they would write it. */
interface Example {
  /** The function that it is an example of. */
  readonly name: string;
  readonly code: string;
}

/** The pages that show code. */
const pages = [
  'README.md',
  ...readdirSync(join(packageRoot, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((page) => page.endsWith('.md') && shownOn(page).length > 0);
const examples = readExamples(join(packageRoot, 'src'));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookyard-examples-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every function that authors call has an example', () => {
  const called = Object.entries({ ...kit, ...config }).filter(([name]) => name !== 'TriggerError');
  const shown = new Set(examples.map(({ name }) => name));
  expect(called.map(([name]) => name).filter((name) => !shown.has(name))).toEqual([]);
});

test('an example imports the package, and not files of it', () => {
  for (const { name, code } of examples)
    expect(code, name).toMatch(/^import \{ .*\b(automation|defineConfig)\b.* \} from 'hookyard\/(workflow|config)';\n/);
});

test('every example has the right types', async () => {
  expect(await compile(examples, folder)).toBe('');
});

test.each(pages)('the modules, and parts of them, that %s shows have the right types', async (page) => {
  expect(await compile(shownOn(page), folder)).toBe('');
});

test.each([
  ["jobs: { runer: 'auto' },", "'runer'"],
  ["gitea: { kind: 'gitea', secret: [env('SECRET')] },", "'secret'"],
  ["concurrency: { group: 'branch', onBusy: 'wait' }", '"wait"'],
  ["{ name: 'unit tests', run: 'npm test', test: 'tap' }", "'test'"],
  ["await runJob(event, { name: 'test', step: ['npm test'] });", "'step'"],
])('a part of a module with an option that does not exist is found: %s', async (part, named) => {
  expect(await compile([{ name: 'wrong', code: wholeModule(part) }], folder)).toContain(named);
});

test('an example with an option that does not exist is found', async () => {
  const code = "import { push } from 'hookyard/workflow';\n\nexport const wrong = push({ branch: ['main'] });\n";
  expect(await compile([{ name: 'wrong', code }], folder)).toMatch(/^wrong\.ts\(3,\d+\): error TS2561: .*'branch'/);
});

/** Returns the compiler's messages, empty if it has none. Compiles against what package.json exports: the built types. */
async function compile(modules: readonly Example[], below: string): Promise<string> {
  const root = await mkdtemp(join(below, 'check-'));
  const { exports } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'es2023',
    module: 'nodenext',
    types: [],
    paths: {
      'hookyard/workflow': [join(packageRoot, exports['./workflow'].types)],
      'hookyard/config': [join(packageRoot, exports['./config'].types)],
      '@temporalio/workflow': [join(packageRoot, 'node_modules/@temporalio/workflow/lib/index.d.ts')],
    },
  };
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  await writeFile(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
  await Promise.all(modules.map(({ name, code }) => writeFile(join(root, `${name}.ts`), code)));
  const { stdout } = await execa(join(packageRoot, 'node_modules/.bin/tsc'), ['-p', root], {
    cwd: root,
    reject: false,
  });
  return stdout;
}

/** Returns the examples in docblocks of exported functions and constants. */
function readExamples(source: string): readonly Example[] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.flatMap((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    const documented = text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export (?:async )?(?:function|const) (\w+)/g);
    return [...documented].flatMap(([, docblock = '', name = '']) => {
      const example = docblock.split(/^ \* @example\n/m)[1];
      return example === undefined
        ? []
        : [
            {
              name,
              code: example
                .replace(/^ \* ?/gm, '')
                .trimEnd()
                .concat('\n'),
            },
          ];
    });
  });
}

/** Returns the blocks of a page that are TypeScript, as modules. */
function shownOn(page: string): readonly Example[] {
  const text = readFileSync(join(packageRoot, page), 'utf8');
  const blocks = [...text.matchAll(/^( *)```ts\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', code = '']) =>
    code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
  return blocks.map((code, i) => ({ name: `block-${i + 1}`, code: wholeModule(code) }));
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { loadCatalog, ownNames } from '../../src/catalog/load.js';
import { packageRoot } from '../../src/paths.js';
import { bundleWorkflows } from '../../src/worker/bundle.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await tempFolder('catalog');
});

const module = (name: string, text: string) => writeFile(join(folder, name), text);
const problem = (): Promise<string> =>
  loadCatalog(folder).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
const kit = "import { automation, push } from 'hookyard/workflow';\n";

test('a folder outside the package is loaded and bundled, with what its modules share', async () => {
  await mkdir(join(folder, 'shared'));
  await writeFile(join(folder, 'shared/steps.ts'), "export const steps: string[] = ['make'];\n");
  await module('_draft.ts', 'this is not even TypeScript');
  await module(
    'build.ts',
    `import { automation, push, runJob } from 'hookyard/workflow';
     import { executeChild } from '@temporalio/workflow';
     import { steps } from './shared/steps.js';
     export async function child(n: number): Promise<number> { return n + 1; }
     export const build = automation({ on: push({ branches: ['main'] }) }, async (event) => {
       await executeChild(child, { args: [1] });
       await runJob(event, { name: 'build', steps });
     });`,
  );
  const catalog = await loadCatalog(folder);
  expect(ownNames(catalog)).toEqual(['build']);
  expect(catalog.automations[0]).toEqual({
    name: 'build',
    on: [{ kind: 'push', branches: ['main'] }],
    file: join(folder, 'build.ts'),
  });
  expect(catalog.modules[0]?.functions).toEqual(['child']);
  const { code } = await bundleWorkflows(catalog, join(folder, 'data'));
  expect(code).toContain('make');
});

test('the example automations load, and their bundle holds no Node module and no zod', async () => {
  const catalog = await loadCatalog(join(packageRoot, 'automations'));
  expect(ownNames(catalog)).toEqual(['ci', 'payment', 'relay', 'release', 'syncPullRequests']);
  const { code } = await bundleWorkflows(catalog, join(folder, 'data'));
  expect(code).not.toMatch(/node_modules\/(zod|undici|express)\//);
});

test('a Node import is refused with file, line and the way out', async () => {
  await module(
    'a.ts',
    `${kit}import { readFileSync } from 'node:fs';\nexport const a = automation({ on: push() }, async () => { readFileSync('x'); });\n`,
  );
  expect(await problem()).toMatch(
    /a\.ts:2:\d+: "node:fs" can't be imported: a workflow can't touch Node; do it in an activity/,
  );
});

test('a Node import of a shared module is refused at its own line', async () => {
  await module('_shared.ts', "\nimport 'fs';\nexport const x = 1;\n");
  await module(
    'a.ts',
    `${kit}import { x } from './_shared.js';\nexport const a = automation({ on: push() }, async () => { void x; });\n`,
  );
  expect(await problem()).toMatch(/_shared\.ts:2:\d+: "fs" can't be imported/);
});

test('an unknown option is refused at the line of the trigger', async () => {
  await module(
    'a.ts',
    `${kit}\nexport const a = automation({ on: push({ branch: ['main'] } as never) }, async () => {});\n`,
  );
  expect(await problem()).toMatch(/a\.ts:3:\d+: push\(\): unknown option "branch"; did you mean "branches"\?/);
});

test('a job on an event that never has a commit is refused at the line of its automation', async () => {
  await module(
    'a.ts',
    `import { automation, release, runJob } from 'hookyard/workflow';
export const a = automation({ on: release() }, async (event) => {
  await runJob(event as never, { name: 'a', steps: ['make'] });
});
`,
  );
  expect(await problem()).toMatch(
    /a\.ts:2:\d+: automation\(\): runJob\(\) could never run, since a release event has no commit .*: run on tag\(\)/,
  );
});

test('a syntax error is refused with file and line', async () => {
  await module('a.ts', `${kit}export const a = automation({ on: push() }, async () => {\n`);
  expect(await problem()).toMatch(/a\.ts:\d+:\d+: Unexpected end of file/);
});

test('top-level await, which would break every workflow of the bundle, is refused', async () => {
  await module(
    'a.ts',
    `${kit}await Promise.resolve();\nexport const a = automation({ on: push() }, async () => {});\n`,
  );
  expect(await problem()).toMatch(/a\.ts:2:\d+: Top-level await/);
});

test('one name in two modules is refused with both places', async () => {
  await module('a.ts', `${kit}export const a = automation({ on: push() }, async () => {});\n`);
  await module('b.ts', `${kit}\nexport const a = automation({ on: push() }, async () => {});\n`);
  expect(await problem()).toMatch(/b\.ts:3: "a" is also exported by .*a\.ts:2; names are unique/);
});

test('all problems of all modules are told at once', async () => {
  await module('a.ts', 'export const = 1;\n');
  await module('b.ts', `${kit}export const b = automation({} as never, async () => {});\n`);
  expect(await problem()).toMatch(/a\.ts:1:\d+: .*\n.*b\.ts:2:\d+: automation\(\): "on" is missing/);
});

test('a module sees nothing of the environment while it is loaded', async () => {
  process.env.CANARY_TOKEN = 'canary';
  await module(
    'a.ts',
    `${kit}throw new Error('seen: ' + (globalThis as { process?: { env: Record<string, string> } }).process?.env.CANARY_TOKEN);\n`,
  );
  expect(await problem()).toContain('seen: undefined');
  delete process.env.CANARY_TOKEN;
});

test('a missing folder says what to do', async () => {
  await expect(loadCatalog(join(folder, 'nowhere'))).rejects.toThrow(
    /can't be read \(ENOENT\): create it, or set HOOKYARD_AUTOMATIONS to another folder/,
  );
});

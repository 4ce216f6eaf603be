import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calledHere, typedHere } from '../../../src/cli/format/called-here.js';
import { packageRoot } from '../../../src/paths.js';
import { tempFolder } from '../../support/temp-folder.js';

const PROGRAM = join(packageRoot, 'bin/hookyard.mjs');
let folder: string;

beforeAll(async () => {
  folder = await tempFolder('called');
  for (const [project, program] of Object.entries({ ours: PROGRAM, others: join(folder, 'others/hookyard.js') })) {
    await mkdir(join(folder, project, 'node_modules/.bin'), { recursive: true });
    await mkdir(join(folder, project, 'automations'));
    await writeFile(join(folder, project, 'package.json'), '{}');
    await symlink(program, join(folder, project, 'node_modules/.bin/hookyard'));
  }
  await writeFile(join(folder, 'others/hookyard.js'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['.', 'automations', 'docs/providers'])('in %s of a clone npx finds the program', (below) => {
  expect(calledHere(join(packageRoot, below))).toBe('npx hookyard');
});

test.each(['ours', 'ours/automations'])('in %s, a project that has it installed, npx finds it', (project) => {
  expect(calledHere(join(folder, project))).toBe('npx hookyard');
});

test.each(['.', 'others', 'others/automations'])(
  'in %s, where npx would run what is not ours, it has its path',
  (below) => {
    expect(calledHere(join(folder, below))).toBe(`node ${PROGRAM}`);
  },
);

test('all commands that a text names can be typed', () => {
  const text = 'There is no run "a"; npx hookyard runs lists them, npx hookyard logs shows one';
  expect(typedHere(text, folder)).toBe(text.replaceAll('npx hookyard', `node ${PROGRAM}`));
  expect(typedHere(text, packageRoot)).toBe(text);
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { findProject } from '../../src/config/find-project.js';
import { packageRoot } from '../../src/paths.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await tempFolder('project');
  await mkdir(join(folder, 'a/b'), { recursive: true });
});
const found = (cwd: string, given: { configured?: string; data?: string } = {}) =>
  findProject({ cwd: join(folder, cwd), configured: given.configured, data: given.data });
const packaged = join(packageRoot, 'hookyard.config.ts');

test.each(['.', 'a', 'a/b'])('a project is found from its folder %s', async (cwd) => {
  await writeFile(join(folder, 'hookyard.config.ts'), '');
  expect(found(cwd)).toEqual({ file: join(folder, 'hookyard.config.ts'), base: folder });
});

test('a folder of automations is a project too, and the nearest counts', async () => {
  await mkdir(join(folder, 'automations'));
  expect(() => found('a/b')).toThrow('There is no Hookyard project here');
  await writeFile(join(folder, 'automations/ci.ts'), '');
  expect(found('a/b')).toEqual({ file: packaged, base: folder });
  await writeFile(join(folder, 'a/hookyard.config.ts'), '');
  expect(found('a/b')).toEqual({ file: join(folder, 'a/hookyard.config.ts'), base: join(folder, 'a') });
});

test('where there is none, only a named data folder or configuration is used', async () => {
  expect(() => found('a')).toThrow(
    `neither ${join(folder, 'a')} nor a folder above it has a hookyard.config.ts or a folder automations`,
  );
  expect(found('a', { data: '/data' })).toEqual({ file: packaged, base: join(folder, 'a') });
  await writeFile(join(folder, 'other.ts'), '');
  expect(found('a', { configured: '../other.ts' })).toEqual({ file: join(folder, 'other.ts'), base: folder });
  expect(() => found('a', { configured: 'nowhere.ts' })).toThrow('there is no such file');
  expect(() => found('a', { configured: folder })).toThrow('there is no such file');
});

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.js';
import { bundleWorkflows } from '../../src/worker/bundle.js';
import { tempFolder } from '../support/temp-folder.js';

test('workflows are bundled again when a module that they import was edited, and not otherwise', async () => {
  const folder = await tempFolder('bundle-again');
  const data = join(folder, 'data');
  const automations = join(folder, 'automations');
  const write = (name: string, text: string) => writeFile(join(automations, name), text);
  await mkdir(join(automations, 'shared'), { recursive: true });
  await write('shared/words.js', "export const word = () => 'first';\n");
  await write(
    'say.ts',
    `import { automation, push } from 'hookyard/workflow';
     import { word } from './shared/words.js';
     export const say = automation({ on: push() }, async () => { word(); });`,
  );
  const bundled = async () => (await bundleWorkflows(await loadCatalog(automations), data)).code;

  expect(await bundled()).toContain("() => 'first'");
  const kept = join(data, 'bundle', 'kept.json');
  const text = await readFile(kept, 'utf8');
  await writeFile(kept, text.replace("() => 'first'", "() => 'kept'"));
  expect(await bundled()).toContain("() => 'kept'");

  await write('shared/words.js', "export const word = () => 'edited';\n");
  expect(await bundled()).toContain("() => 'edited'");

  // A .ts file is taken before a .js file of its name.
  await write('shared/words.ts', "export const word = (): string => 'before';\n");
  expect(await bundled()).toContain("'before'");
}, 120_000);

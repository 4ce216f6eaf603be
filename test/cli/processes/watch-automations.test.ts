import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownNames } from '../../../src/catalog/load.js';
import { stateOfModules, watchAutomations } from '../../../src/cli/processes/watch-automations.js';
import { keepLog } from '../../support/harness/log.js';
import { tempFolder } from '../../support/temp-folder.js';

const moduleOf = (name: string) => `import { automation, push } from 'hookyard/workflow';
export const ${name} = automation({ on: push() }, async () => {});
`;
const configured = { sources: { github: { events: ['push'] } }, named: {} };

test('an edit between the reading of the automations and the watching is loaded, and so is a later one', async () => {
  const folder = await tempFolder('watched');
  const edit = (name: string) => writeFile(join(folder, 'own.ts'), moduleOf(name));
  await edit('first');
  const state = await stateOfModules(folder);
  await edit('between');
  const loaded: string[][] = [];
  const watcher = watchAutomations({
    ...{ folder, state, configured, log: keepLog().log },
    onChange: async (catalog) => void loaded.push(ownNames(catalog)),
  });
  try {
    await expect.poll(() => loaded, { timeout: 30_000 }).toEqual([['between']]);
    await edit('later');
    await expect.poll(() => loaded.at(-1), { timeout: 30_000 }).toEqual(['later']);
  } finally {
    await watcher.stop();
  }
});

test('the state of modules is another once one is edited, added or removed, and not when nothing was', async () => {
  const folder = await tempFolder('state');
  await writeFile(join(folder, 'own.ts'), moduleOf('own'));
  const states = [await stateOfModules(folder)];
  expect(await stateOfModules(folder)).toBe(states[0]);
  await writeFile(join(folder, 'own.ts'), moduleOf('other'));
  states.push(await stateOfModules(folder));
  await writeFile(join(folder, 'more.ts'), moduleOf('more'));
  states.push(await stateOfModules(folder));
  await rm(join(folder, 'own.ts'));
  states.push(await stateOfModules(folder));
  expect(new Set(states).size).toBe(4);
});

import { automation, hashFiles, push, runJob, sync } from 'hookyard/workflow';

/** Makes what is not there, slowly as a package manager does. */
const INSTALL = 'if test -e modules/made; then echo found; else mkdir -p modules; echo made | tee modules/made; fi';

export const cached = automation({ on: push() }, async (event) => {
  const result = await runJob(event, {
    name: 'build',
    cache: { key: ['modules', hashFiles('word.txt')], paths: ['modules'] },
    steps: [{ name: 'install', run: INSTALL }],
  });
  await sync.upsert('cached', event.deliveryId, result, { version: 1 });
});

export const red = automation({ on: push() }, async (event) => {
  const result = await runJob(event, {
    name: 'build',
    cache: [{ key: 'red', paths: ['modules'] }],
    steps: [INSTALL, 'exit 1'],
  });
  await sync.upsert('cached', event.deliveryId, result, { version: 1 });
});

/** By a key that has what a branch may be called. */
export const named = automation({ on: push() }, async (event) => {
  const result = await runJob(event, {
    name: 'build',
    cache: { key: ['npm', 'feature/ü', hashFiles('word.txt')], paths: ['modules'], restoreKeys: ['npm-feature/ü-'] },
    steps: [INSTALL],
  });
  await sync.upsert('cached', event.deliveryId, result, { version: 1 });
});

export const misspelt = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'build', cache: { key: 'x', paths: ['../up'] }, steps: ['true'] });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { findRotated } from '../../../../src/cli/client/secrets/find-rotated.js';
import type { Project } from '../../../../src/config/project.js';
import { configSchema } from '../../../../src/config/schema.js';
import { tempFolder } from '../../../support/temp-folder.js';

let project: Project;
beforeEach(async () => {
  const data = await tempFolder('rotated');
  const settings = configSchema.parse({
    sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }], api: { token: { env: 'NO_SUCH_TOKEN' } } } },
    secrets: {
      plain: { generated: 'plain-token' },
      npm: { from: { generated: 'npm-token' }, automations: ['publish'] },
      sentry: { from: { env: 'NO_SUCH_SENTRY' }, automations: ['publish'] },
    },
  });
  project = { data, settings } as Project;
  mkdirSync(join(data, 'secrets'));
  for (const name of ['plain-token', 'npm-token']) writeFileSync(join(data, 'secrets', name), `${name}\n`);
});

test.each([
  ['plain', 'secrets.plain'],
  ['npm', 'secrets.npm.from'],
  ['npm-token', 'secrets.npm.from'],
])('a secret that jobs ask for is found by its name, also one of some automations: %s', (asked, option) => {
  expect(findRotated(project, asked).uses.map((use) => use.option)).toEqual([option]);
});

test('of one that Hookyard does not have itself it is said what to do, and a name means no credentials of an API', () => {
  expect(() => findRotated(project, 'sentry')).toThrow(
    'secrets.sentry.from is the environment variable NO_SUCH_SENTRY, which Hookyard does not write. Put the new value there',
  );
  expect(() => findRotated(project, 'github')).toThrow('sources.github.secrets[0] is the environment variable HOOK');
});

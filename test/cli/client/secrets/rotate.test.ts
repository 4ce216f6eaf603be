import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRotated } from '../../../../src/cli/client/secrets/find-rotated.js';
import { rotate } from '../../../../src/cli/client/secrets/rotate.js';
import type { Project } from '../../../../src/config/project.js';
import { configSchema } from '../../../../src/config/schema.js';
import { tempFolder } from '../../../support/temp-folder.js';

test.each([
  ['a signing token', `whsec_${Buffer.alloc(32, 1).toString('base64')}`, /^whsec_[A-Za-z0-9+/]{43}=\n$/],
  ['a secret token', 'a-secret-token-that-a-person-has-typed', /^[A-Za-z0-9_-]{43}\n$/],
])("GitLab's secret stays what it is: %s", async (_, before, after) => {
  const data = await tempFolder('rotated');
  const settings = configSchema.parse({ sources: { lab: { kind: 'gitlab', secrets: [{ generated: 'lab' }] } } });
  const path = join(data, 'secrets', 'lab');
  mkdirSync(join(data, 'secrets'));
  writeFileSync(path, `${before}\n`, { mode: 0o600 });
  const project = { data, settings } as Project;
  rotate(project, findRotated(project, 'lab'), 60_000);
  expect(readFileSync(path, 'utf8')).toMatch(after);
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRotated } from '../../../../src/cli/client/secrets/find-rotated.js';
import { rotate } from '../../../../src/cli/client/secrets/rotate.js';
import { whatIsLeft } from '../../../../src/cli/client/secrets/what-is-left.js';
import type { Project } from '../../../../src/config/project.js';
import { configSchema } from '../../../../src/config/schema.js';
import { readReplaced } from '../../../../src/secrets/rotating-file.js';
import { tokenKey } from '../../../../src/secrets/token-key.js';
import { tempFolder } from '../../../support/temp-folder.js';

const HOUR = 3_600_000;
const before = process.env.HOOKYARD_ID_TOKEN_KEY;
let project: Project;
let path: string;
beforeEach(async () => {
  delete process.env.HOOKYARD_ID_TOKEN_KEY;
  const data = await tempFolder('rotated');
  const settings = configSchema.parse({
    server: { publicUrl: 'https://hooks.example', idTokens: {} },
    sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } },
  });
  project = { data, settings } as Project;
  path = join(data, 'secrets', 'id-token-key');
  mkdirSync(join(data, 'secrets'));
  writeFileSync(path, `${tokenKey.make()}\n`, { mode: 0o600 });
});
afterEach(() => {
  if (before !== undefined) process.env.HOOKYARD_ID_TOKEN_KEY = before;
});

test('the key of ID tokens is rotated by its name, and the old one is kept for the overlap', () => {
  const secret = findRotated(project, 'id-token-key');
  expect(secret.uses.map(({ option }) => option)).toEqual(['server.idTokens.keys[0]']);
  const until = rotate(project, secret, 2 * HOUR);
  expect(readReplaced(path, Date.now()).map((one) => [one.until, one.value.split('\n')[0]])).toEqual([
    [until, '-----BEGIN PRIVATE KEY-----'],
  ]);
  expect(whatIsLeft(secret, { until, hooks: [] })).toEqual([]);
});

test('an overlap that ends tokens before their time is told, and one that ends all at once', () => {
  const secret = findRotated(project, 'id-token-key');
  const left = (until: number | undefined) => whatIsLeft(secret, { until, hooks: [] });
  expect(left(Date.now() + HOUR)).toEqual([expect.stringContaining('--overlap 2h keeps them all')]);
  expect(left(undefined)).toEqual([expect.stringContaining('are refused from now on')]);
});

test('a key of the environment is rotated by hand: the new one is published before it signs', () => {
  process.env.HOOKYARD_ID_TOKEN_KEY = 'set';
  const asked = () => findRotated(project, 'HOOKYARD_ID_TOKEN_KEY');
  expect(asked).toThrow(
    /give server\.idTokens\.keys a second entry, env\('NAME'\), that holds the new key, after this one/,
  );
  delete process.env.HOOKYARD_ID_TOKEN_KEY;
});

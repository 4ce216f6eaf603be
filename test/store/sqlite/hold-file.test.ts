import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { built } from '../../../src/paths.js';
import { holdFile } from '../../../src/store/sqlite/hold-file.js';
import { tempFolder } from '../../support/temp-folder.js';

const PROGRAM = `
  import { holdFile } from ${JSON.stringify(pathToFileURL(built('store/sqlite/hold-file.js')).href)};
  const held = holdFile(process.argv[1]);
  process.stdout.write(held ? 'held' : 'busy');
  if (held) setInterval(() => held, 60_000);
`;

test('a file is held by one process, and free at once when that is killed', async () => {
  const folder = await tempFolder('hold');
  const path = join(folder, 'owner.lock');
  const other = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(other, 'exit');
  try {
    expect(String(await once(other.stdout, 'data'))).toBe('held');
    expect(holdFile(path)).toBeUndefined();
  } finally {
    other.kill('SIGKILL');
    await ended;
  }
  const held = holdFile(path);
  expect(held).toBeDefined();
  expect(holdFile(path)).toBeUndefined();
  held?.release();
  holdFile(path)?.release();
  expect(await readdir(folder)).toEqual(['owner.lock']);
});

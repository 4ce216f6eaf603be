import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { loadAnewHere } from '../support/load-anew-here.js';

// A container that is run under any number has no such user in its /etc/passwd, and then Node throws.
vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  userInfo: () => {
    throw Object.assign(new Error('uv_os_get_passwd returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
  },
}));

loadAnewHere();

test('an operator whose user has no name can hold lanes up, and is called an operator', async () => {
  const { lanes } = await import('../../src/cli/commands/lanes.js');
  const [pause] = lanes().commands.filter((command) => command.name() === 'pause');
  expect(pause?.opts()).toMatchObject({ by: 'an operator' });
});

test('a worker whose user has no name makes sandboxes under its number', async () => {
  await import('../../src/activities/job/runners/sandbox/start-sandboxed.js');
  const { FILES, OWN_ETC, writeSystemFiles } = await import('../../src/activities/job/runners/sandbox/system-files.js');
  const folder = mkdtempSync(join(tmpdir(), 'hookyard-nameless-'));
  try {
    await writeSystemFiles({ folder, home: '/home/job' }, Buffer.alloc(0));
    const etc = join(folder, FILES, OWN_ETC);
    expect(existsSync(join(etc, 'group'))).toBe(true);
    const own = `:x:${process.geteuid?.()}:${process.getegid?.()}::/home/job:/bin/sh`;
    expect(readFileSync(join(etc, 'passwd'), 'utf8')).toContain(own);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

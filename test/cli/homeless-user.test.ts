import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { built } from '../../src/paths.js';
import { tempFolder } from '../support/temp-folder.js';

/** As in a container that is run under any number, without HOME: then Node throws. */
const HOMELESS = `data:text/javascript,${encodeURIComponent(`
  import os from 'node:os';
  import { syncBuiltinESMExports } from 'node:module';
  os.homedir = () => { throw new Error('uv_os_homedir returned ENOENT (no such file or directory)'); };
  syncBuiltinESMExports();
`)}`;

async function printed(script: string): Promise<string> {
  const args = ['--import', HOMELESS, '--input-type=module', '--eval', script];
  return (await execa('node', args, { env: { XDG_CACHE_HOME: '' } })).stdout;
}

test('a worker whose user has no home makes its workspaces in a temporary folder', async () => {
  const [first] = JSON.parse(
    await printed(`
      const { workspaceRoots } = await import(${JSON.stringify(built('activities/job/workspace-root.js'))});
      console.log(JSON.stringify(workspaceRoots({ data: '/data', jobs: {} })));
    `),
  );
  expect(first).toBe(`/var/tmp/hookyard-${process.getuid?.()}/workspaces`);
});

test('the Temporal CLI is found for a user without a home', async () => {
  const folder = await tempFolder('homeless');
  const program = join(folder, 'temporal');
  await writeFile(program, '#!/bin/sh\n');
  await chmod(program, 0o755);
  const found = await printed(`
    const { findCli } = await import(${JSON.stringify(built('temporal/find-cli.js'))});
    console.log(await findCli({ env: { PATH: ${JSON.stringify(folder)} }, onProgress() {}, downloads: [] }));
  `);
  expect(found).toBe(program);
});

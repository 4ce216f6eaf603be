import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { openBelow } from '../../../src/activities/job/plain-file.js';
import { tempFolder } from '../../support/temp-folder.js';

async function read(folder: string, path: string): Promise<string | undefined> {
  const file = await openBelow(folder, path);
  try {
    return file && (await file.readFile('utf8'));
  } finally {
    await file?.close();
  }
}

test('a plain file below a folder is opened, also by a link to that folder; nothing that a link or another way leads to', async () => {
  const [root, outside] = [await tempFolder('below'), await tempFolder('outside')];
  await mkdir(join(root, 'in'));
  await writeFile(join(root, 'in/report.xml'), 'own');
  await writeFile(join(outside, 'report.xml'), 'a secret');
  await symlink(outside, join(root, 'out'));
  await symlink(join(outside, 'report.xml'), join(root, 'in/link.xml'));
  await symlink(root, join(outside, 'root'));
  await execa('mkfifo', [join(root, 'in/pipe.xml')]);
  expect(await read(root, 'in/report.xml')).toBe('own');
  expect(await read(join(outside, 'root'), 'in/report.xml')).toBe('own');
  for (const path of ['out/report.xml', 'in/link.xml', 'in/pipe.xml', 'in', 'in/none.xml', '../x/report.xml'])
    expect(await read(root, path), path).toBeUndefined();
});

test('a folder that becomes a link just while a file in it is opened never lets one be read that lies elsewhere', async () => {
  const [root, outside] = [await tempFolder('below'), await tempFolder('outside')];
  const [real, link, at] = ['real', 'link', 'in'].map((name) => join(root, name)) as [string, string, string];
  mkdirSync(real);
  writeFileSync(join(real, 'report.xml'), 'own');
  writeFileSync(join(outside, 'report.xml'), 'a secret');
  symlinkSync(outside, link);
  const seen = new Set<string | undefined>();
  let isOver = false;
  const swapping = (async () => {
    while (!isOver) {
      renameSync(real, at);
      await breath();
      renameSync(at, real);
      renameSync(link, at);
      await breath();
      renameSync(at, link);
    }
  })();
  const reading = Array.from({ length: 8 }, async () => {
    for (let i = 0; i < 1_500; i++) seen.add(await read(root, 'in/report.xml'));
  });
  await Promise.all(reading);
  isOver = true;
  await swapping;
  expect(seen).not.toContain('a secret');
  // It was there at times, and read.
  expect(seen).toContain('own');
});

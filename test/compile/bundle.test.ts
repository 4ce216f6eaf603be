import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundle } from '../../src/compile/bundle.js';
import { tempFolder } from '../support/temp-folder.js';

const esbuilds = () =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, program]) => parent === String(process.pid) && program?.includes('esbuild'))
    .map(([pid]) => pid ?? '');

test.runIf(process.platform === 'linux')(
  'the compiler has none of the secrets of the process, and ends with it',
  async () => {
    const folder = await tempFolder('bundle');
    const file = join(folder, 'module.ts');
    await writeFile(file, "import './other.js';\nexport const one: number = 1;\n");
    await writeFile(join(folder, 'other.ts'), '');
    process.env.CANARY_SECRET = 'a canary';
    const seen: string[] = [];
    const refuse = () => {
      for (const pid of esbuilds()) seen.push(readFileSync(`/proc/${pid}/environ`, 'utf8'));
      return undefined;
    };
    try {
      await bundle({ file, provided: {}, refuse, topLevelAwait: false });
      expect(process.env.CANARY_SECRET).toBe('a canary');
    } finally {
      delete process.env.CANARY_SECRET;
    }
    expect(seen).toHaveLength(1);
    expect(seen[0]).toContain('PATH=');
    expect(seen[0]).not.toContain('CANARY');
    await expect.poll(esbuilds).toEqual([]);
  },
);

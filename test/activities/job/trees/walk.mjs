import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';

/* Run by a step: writes down all that a job finds in its checkout, its home and its folder for temporary files. */

const lines = [];
const show = (bytes) => bytes.toString('latin1');

function walk(path) {
  const found = lstatSync(path);
  const mode = (found.mode & 0o7777).toString(8);
  const name = show(path).replace(process.env.HOME, '~').replace(process.env.TMPDIR, 'tmp');
  if (found.isDirectory()) {
    lines.push(`${name}/ ${mode}`);
    for (const entry of readdirSync(path, { encoding: 'buffer' }).sort(Buffer.compare))
      walk(Buffer.concat([path, Buffer.from('/'), entry]));
  } else if (found.isSymbolicLink()) {
    lines.push(`${name} -> ${readlinkSync(path)}`);
  } else if (found.isFile()) {
    // The index holds the times of files: what it says is printed below.
    const what = name === './.git/index' ? '' : createHash('sha256').update(readFileSync(path)).digest('hex');
    lines.push(`${name} ${mode} ${found.nlink} ${what}`);
  } else lines.push(`${name} ${mode} neither file nor folder`);
}

for (const folder of ['.', process.env.HOME, process.env.TMPDIR]) walk(Buffer.from(folder));
for (const args of [
  ['ls-files', '--stage', '-v'],
  ['status', '--porcelain', '--ignored'],
  ['config', '--list'],
  ['for-each-ref'],
  ['worktree', 'list', '--porcelain'],
])
  lines.push(`git ${args[0]}`, execFileSync('git', args, { encoding: 'utf8' }).replaceAll(process.cwd(), '.'));
// The number of a file is given again once it is gone.
const { ino, mtimeNs } = lstatSync('steady/file.txt', { bigint: true });
writeFileSync(process.argv[2], JSON.stringify({ tree: lines, file: `${ino} ${mtimeNs}` }));

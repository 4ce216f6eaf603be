import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
const at = (path: string) => join(folder, path);
const build = () =>
  execa('node', ['scripts/ready.mjs', 'build'], { cwd: folder, reject: false, timeout: 30_000, all: true });

const lockOf = (packages: object) => `${JSON.stringify({ packages })}\n`;
const one = { version: '1.0.0', integrity: 'sha512-one' };
const optional = { version: '1.0.0', integrity: 'sha512-mac', optional: true };

/** A small package with our script and our compiler. */
beforeEach(async () => {
  folder = await tempFolder('ready');
  const options = { module: 'nodenext', outDir: 'dist', rootDir: 'src', incremental: true, types: [] };
  await mkdir(at('src'));
  await mkdir(at('node_modules'));
  await cp(join(packageRoot, 'scripts'), at('scripts'), { recursive: true });
  await symlink(join(packageRoot, 'node_modules/.bin'), at('node_modules/.bin'));
  await writeFile(at('package.json'), '{ "type": "module" }\n');
  await writeFile(
    at('package-lock.json'),
    lockOf({ '': {}, 'node_modules/a': one, 'node_modules/mac-only': optional }),
  );
  await writeFile(at('node_modules/.package-lock.json'), lockOf({ 'node_modules/a': one }));
  const compilerOptions = { ...options, tsBuildInfoFile: 'dist/.tsbuildinfo' };
  await writeFile(at('tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  await writeFile(at('src/one.ts'), 'export const one: number = 1;\n');
  await writeFile(at('src/two.ts'), 'export const two: number = 2;\n');
});

test('the build compiles what has changed, only then, and leaves nothing of a deleted file', async () => {
  expect(await build()).toMatchObject({ exitCode: 0, all: 'Building …' });
  expect(await build()).toMatchObject({ exitCode: 0, all: '' });
  await rm(at('src/two.ts'));
  expect(await build()).toMatchObject({ exitCode: 0, all: 'Building …' });
  expect([existsSync(at('dist/one.js')), existsSync(at('dist/two.js'))]).toEqual([true, false]);
});

test("packages are not installed over a link, which leads to another tree's", async () => {
  await rename(at('node_modules'), at('of-another-tree'));
  await symlink(at('of-another-tree'), at('node_modules'));
  expect(await build()).toMatchObject({ exitCode: 0 });
  await writeFile(at('package-lock.json'), lockOf({ 'node_modules/a': { ...one, version: '2.0.0' } }));
  const { exitCode, all } = await build();
  expect(exitCode).toBe(2);
  expect(all).toContain(`node_modules is a link to ${at('of-another-tree')}`);
  expect(existsSync(at('of-another-tree/.bin'))).toBe(true);
});

test.each([
  ['another version', { 'node_modules/a': { ...one, version: '2.0.0' } }],
  ['other content', { 'node_modules/a': { ...one, integrity: 'sha512-two' } }],
  ['one more package', { 'node_modules/a': one, 'node_modules/b': one }],
  ['one package less', {}],
])(
  'packages are installed again once the lockfile names %s, and not for what another npm has installed',
  async (_, changed) => {
    await writeFile(at('npm'), '#!/bin/sh\necho "$@" && cp package-lock.json node_modules/.package-lock.json\n', {
      mode: 0o755,
    });
    const env = { PATH: `${folder}:${process.env.PATH}` };
    const ready = () => execa('node', ['scripts/ready.mjs', 'build'], { cwd: folder, all: true, env, timeout: 30_000 });
    expect((await ready()).all).toBe('Building …');
    await writeFile(at('package-lock.json'), lockOf(changed));
    expect((await ready()).all).toContain('ci --no-audit');
    expect((await ready()).all).toBe('');
  },
);

test('of two commands at once one makes all ready, and the other waits for it', async () => {
  await rm(at('node_modules/.bin'));
  await mkdir(at('node_modules/.bin'));
  const compiler = join(packageRoot, 'node_modules/.bin/tsc');
  const held = `until [ -e "${at('go-on')}" ]; do sleep 0.05; done\nexec "${compiler}" "$@"\n`;
  await writeFile(at('node_modules/.bin/tsc'), `#!/bin/sh\n${held}`, { mode: 0o755 });
  const both = [build(), build()];
  // Each says one thing by then: the one that it builds, the other that it waits.
  await Promise.all(both.map(({ stderr }) => once(stderr, 'data')));
  await writeFile(at('go-on'), '');
  const ended = await Promise.all(both);
  expect(ended.map((one) => one.exitCode)).toEqual([0, 0]);
  expect(ended.map((one) => one.all).sort()).toEqual([
    'Building …',
    expect.stringMatching(/^Process \d+ installs or builds here: waiting for it …$/),
  ]);
  expect(existsSync(at('.ready-lock'))).toBe(false);
});

test('a lock that its process has only just made, and not named itself in yet, is not taken', async () => {
  await writeFile(at('.ready-lock'), '');
  // It stays as young as that, however long a busy machine takes to look at it.
  const later = Date.now() / 1_000 + 3_600;
  await utimes(at('.ready-lock'), later, later);
  const waiting = build();
  setTimeout(() => void writeFile(at('.ready-lock'), `${process.pid}\n`), 300);
  await once(waiting.stderr, 'data');
  await rm(at('.ready-lock'));
  expect((await waiting).all).toBe(`Process ${process.pid} installs or builds here: waiting for it …\nBuilding …`);
});

test.each([
  ['of a process that is gone', `${2 ** 22 + 1}\n`],
  ['that names no process', ''],
])('a lock %s does not hold up the next', async (_, left) => {
  await writeFile(at('.ready-lock'), left);
  expect(await build()).toMatchObject({ exitCode: 0, all: 'Building …' });
});

test('a build that failed fails again, until the error is gone', async () => {
  await writeFile(at('src/two.ts'), 'export const two: number = "2";\n');
  for (const _ of [1, 2]) {
    const { exitCode, all } = await build();
    expect(exitCode).toBe(2);
    expect(all).toContain('src/two.ts');
  }
  await writeFile(at('src/two.ts'), 'export const two: number = 2;\n');
  expect(await build()).toMatchObject({ exitCode: 0 });
  expect(await build()).toMatchObject({ exitCode: 0, all: '' });
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('a start that is ended by %s while it builds says so, and tells of no error', async (signal, exitCode) => {
  await rm(at('node_modules/.bin'));
  await mkdir(at('node_modules/.bin'));
  await writeFile(at('node_modules/.bin/tsc'), '#!/bin/sh\necho compiling\nexec sleep 60\n', { mode: 0o755 });
  const options = { cwd: folder, reject: false, all: true, detached: true, timeout: 30_000 } as const;
  const starting = execa('node', ['scripts/ready.mjs', 'start'], options);
  await once(starting.stdout, 'data');
  // A terminal tells all of them.
  process.kill((signal === 'SIGINT' ? -1 : 1) * (starting.pid ?? 0), signal);
  const ended = `Ended by ${signal} while building: what is missing is made the next time.`;
  expect(await starting).toMatchObject({ exitCode, all: `Building …\ncompiling\n${ended}` });
});

test('a run of tests ends with a line that counts, and fails when one of them did', async () => {
  const closingLine = join(packageRoot, 'test/support/closing-line.ts');
  const config = { test: { globals: true, include: ['*.test.mjs'], reporters: [closingLine] } };
  await writeFile(at('vitest.config.mjs'), `export default ${JSON.stringify(config)};\n`);
  await writeFile(at('good.test.mjs'), "test('one', () => {}); test('two', () => {}); test.skip('later', () => {});\n");
  const runTests = () => execa('node', ['scripts/ready.mjs', 'test'], { cwd: folder, reject: false, timeout: 30_000 });
  const lastLines = (stdout: string) => stdout.trim().split('\n').slice(-2);
  const good = await runTests();
  expect([good.exitCode, lastLines(good.stdout)]).toEqual([0, ['1 skipped', '2 passed, 0 failed']]);
  await writeFile(at('bad.test.mjs'), "test('it breaks', () => { throw new Error('broken'); });\n");
  await writeFile(at('unloadable.test.mjs'), "import './nowhere.mjs';\n");
  const bad = await runTests();
  expect([bad.exitCode, lastLines(bad.stdout)]).toEqual([1, ['1 skipped', '2 passed, 2 failed']]);
});

test('a task that there is not is told before anything is installed, with those that there are', async () => {
  await writeFile(at('package-lock.json'), lockOf({ 'node_modules/a': { ...one, version: '2.0.0' } }));
  const ready = (...args: string[]) => execa('node', ['scripts/ready.mjs', ...args], { cwd: folder, reject: false });
  expect(await ready('biuld')).toMatchObject({
    exitCode: 2,
    stderr:
      'ready.mjs: there is no "biuld"; it knows start, build, test, fuzz, mutate, faults, bench, checkouts, screenshots, check',
  });
  const help = await ready('--help');
  expect([help.exitCode, help.stderr]).toEqual([0, '']);
  for (const task of ['start', 'faults', 'check']) expect(help.stdout).toMatch(new RegExp(`^  ${task} +\\w`, 'm'));
});

test.each([
  ['bench/main.mjs', ['--peers --only drain', '--only drian', '--onyl drain']],
  ['test/fuzz/main.mjs', ['--count many', '--seed -', '--counts 5', 'five']],
  ['test/mutate/main.mjs', ['masques', '--concurrency none', '--refresh']],
  ['test/screenshots/start.mjs', ['--only', '--uot images', 'lanes']],
  ['test/faults/start.mjs', ['--minutes soon', '--minuts 5', 'lanes']],
])('%s says how it is used, and what of a command line it does not understand', async (tool, wrong) => {
  const run = (line: string) => execa('node', [tool, ...line.split(' ')], { cwd: packageRoot, reject: false });
  const help = await run('--help');
  expect([help.exitCode, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toMatch(/^npm run [a-z:]+ -- \[/);
  for (const line of wrong) {
    const { exitCode, stdout, stderr } = await run(line);
    expect([line, exitCode, stdout]).toEqual([line, 2, '']);
    expect(stderr).toContain(' -- ');
    expect(stderr).not.toMatch(/^ {4}at /m);
  }
});

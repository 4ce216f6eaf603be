#!/usr/bin/env node
// What `npm start`, `npm test` and `npm run …` run: makes a fresh clone ready, then does it.
// Nothing but Node's own modules here: there may be no node_modules yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [task = 'build', ...args] = process.argv.slice(2);
process.chdir(root);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) stop(`Hookyard needs Node 20.19 or newer; this is ${process.version}`);

const TASKS = {
  start: 'hookyard start, with what is behind it',
  build: 'compile src to dist',
  test: 'the tests, with what Vitest takes',
  fuzz: 'spoiled deliveries (--help)',
  mutate: 'changes that a test should notice (--help)',
  faults: 'what runs is killed, stopped, filled up and cut off (--help)',
  bench: 'measurements (--help)',
  checkouts: 'checkouts of real projects, beside git by hand',
  screenshots: 'images of the page, with something to show (--help)',
  check: 'types and lint',
};
if (task === '--help' || task === '-h' || task === 'help') {
  const list = Object.entries(TASKS).map(([name, about]) => `  ${name.padEnd(12)}${about}`);
  process.stdout.write(
    `node scripts/ready.mjs <task> […]: installs and builds what is missing, and does it\n\n${list.join('\n')}\n`,
  );
  process.exit(0);
}
if (!Object.hasOwn(TASKS, task)) stop(`ready.mjs: there is no "${task}"; it knows ${Object.keys(TASKS).join(', ')}`);

await install();
switch (task) {
  case 'start':
    await build();
    // In this process, so that Ctrl-C has one to talk to.
    process.argv = [process.argv[0], join(root, 'bin/hookyard.mjs'), 'start', ...args];
    await import('../bin/hookyard.mjs');
    break;
  case 'build':
    await build();
    break;
  case 'test':
    await build();
    process.exitCode = await run(bin('vitest'), ['run', ...args]);
    break;
  case 'fuzz':
    await build();
    process.exitCode = await run(process.execPath, ['test/fuzz/main.mjs', ...args]);
    break;
  case 'mutate':
    await build();
    process.exitCode = await run(process.execPath, ['test/mutate/main.mjs', ...args]);
    break;
  case 'faults':
    await build();
    process.exitCode = await run(process.execPath, [join(root, 'test/faults/start.mjs'), ...args]);
    break;
  case 'bench':
    await build();
    process.exitCode = await run(process.execPath, ['bench/main.mjs', ...args]);
    break;
  case 'checkouts':
    await build();
    process.exitCode = await run(process.execPath, ['bench/checkouts/main.mjs', ...args]);
    break;
  case 'screenshots':
    await build();
    process.exitCode = await run(process.execPath, [join(root, 'test/screenshots/start.mjs'), ...args]);
    break;
  case 'check':
    process.exitCode = await check();
    break;
}

/** Installs what the lockfile names, unless that has been done for this very lockfile. */
async function install() {
  const stamp = 'node_modules/.hookyard-lock';
  const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  // npm empties the folder that a link leads to, which is another tree's.
  if (lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink())
    stop(`node_modules is a link to ${readlinkSync('node_modules')}: run npm run build there, or remove the link`);
  say('Installing the packages that package-lock.json names …');
  const { code, ended } = await finish('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (ended) stopEnded(ended, 'installing packages');
  if (code !== 0) stop('npm ci failed: see its messages above. Is the package registry reachable?');
  writeFileSync(stamp, wanted);
}

/** Compiles when a source is newer than what was compiled, or is gone. */
async function build() {
  const sources = files('src').filter((file) => /\.tsx?$/.test(file));
  const newest = Math.max(...['tsconfig.json', 'package-lock.json', ...sources].map((file) => statSync(file).mtimeMs));
  const wanted = new Set(sources.map((file) => file.replace(/^src/, 'dist').replace(/\.tsx?$/, '.js')));
  const compiled = existsSync('dist') ? files('dist').filter((file) => file.endsWith('.js')) : [];
  const strays = compiled.filter((file) => !wanted.has(file));
  const isComplete = compiled.length - strays.length === wanted.size;
  const stamp = 'dist/.tsbuildinfo';
  if (isComplete && strays.length === 0 && existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return;
  say('Building …');
  // The compiler's own record would have it skip what has been deleted here.
  if (!isComplete || strays.length > 0) rmSync('dist', { recursive: true, force: true });
  const { code, ended } = await compile();
  if (ended) stopEnded(ended, 'building');
  if (code !== 0) stop('The build failed: see the messages above.');
  // The record is not written anew when nothing had to be compiled.
  writeFileSync(stamp, readFileSync(stamp));
}

/** The compiler writes its output, and its record, whatever errors it finds: without the record it is run again. */
async function compile() {
  const end = await finish(bin('tsc'), ['-p', '.']);
  if (end.code !== 0) rmSync('dist/.tsbuildinfo', { force: true });
  return end;
}

async function check() {
  let worst = 0;
  for (const [what, look] of [
    ['types of src', async () => (await compile()).code],
    ['types of test and automations', () => run(bin('tsc'), ['-p', 'test/tsconfig.json'])],
    ['lint and format', () => run(bin('biome'), ['check', '.'])],
  ]) {
    const code = await look();
    say(`${code === 0 ? 'ok    ' : 'failed'} ${what}`);
    worst = Math.max(worst, code);
  }
  return worst;
}

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function bin(name) {
  return join(root, 'node_modules', '.bin', name);
}

/** Runs a program on this terminal and answers its exit code. */
async function run(command, list) {
  return (await finish(command, list)).code;
}

/** Runs a program on this terminal. Answers its exit code, and the signal that has ended it, or was to end this meanwhile. */
function finish(command, list) {
  return new Promise((resolve) => {
    let child;
    let sent;
    const pass = (signal) => {
      sent = signal;
      child.kill(signal);
    };
    // A terminal sends Ctrl-C to the child as well; this process waits for it to end in order.
    const wait = (signal) => {
      sent = signal;
    };
    // First: the child may be there before this goes on.
    process.on('SIGTERM', pass).on('SIGINT', wait);
    child = spawn(command, list, { stdio: 'inherit' });
    child.once('error', (error) => stop(`Can't run ${command}: ${error.message}`));
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', pass).off('SIGINT', wait);
      resolve({ code: signal ? 1 : (code ?? 1), ended: sent ?? signal ?? undefined });
    });
  });
}

/** Ends as shells tell of a signal: there is no error above to look for. */
function stopEnded(signal, doing) {
  say(`Ended by ${signal} while ${doing}: what is missing is made the next time.`);
  process.exit(128 + (constants.signals[signal] ?? 0));
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function stop(line) {
  say(line);
  process.exit(2);
}

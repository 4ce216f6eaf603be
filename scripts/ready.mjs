#!/usr/bin/env node
// What `npm start`, `npm test` and `npm run …` run: makes a fresh clone ready, then does it.
// Nothing but Node's own modules here: there may be no node_modules yet.
import { spawn } from 'node:child_process';
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
import { isInstalled } from './installed.mjs';
import { oneAtATime } from './one-at-a-time.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The compiler's own, of what it has compiled. */
const RECORD = 'dist/.tsbuildinfo';
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

await makeReady();
switch (task) {
  case 'start':
    // In this process, so that Ctrl-C has one to talk to.
    process.argv = [process.argv[0], join(root, 'bin/hookyard.mjs'), 'start', ...args];
    await import('../bin/hookyard.mjs');
    break;
  case 'build':
    break;
  case 'test':
    process.exitCode = await run(bin('vitest'), ['run', ...args]);
    break;
  case 'fuzz':
    process.exitCode = await run(process.execPath, ['test/fuzz/main.mjs', ...args]);
    break;
  case 'mutate':
    process.exitCode = await run(process.execPath, ['test/mutate/main.mjs', ...args]);
    break;
  case 'faults':
    process.exitCode = await run(process.execPath, [join(root, 'test/faults/start.mjs'), ...args]);
    break;
  case 'bench':
    process.exitCode = await run(process.execPath, ['bench/main.mjs', ...args]);
    break;
  case 'checkouts':
    process.exitCode = await run(process.execPath, ['bench/checkouts/main.mjs', ...args]);
    break;
  case 'screenshots':
    process.exitCode = await run(process.execPath, [join(root, 'test/screenshots/start.mjs'), ...args]);
    break;
  case 'check':
    process.exitCode = await check();
    break;
}

/** Installs and builds what is missing. Two at once in one folder would take away what the other has just made. */
async function makeReady() {
  if (isReady()) return;
  const wait = (holder) => say(`Process ${holder} installs or builds here: waiting for it …`);
  const make = async () => {
    if (!isInstalled()) await install();
    if (!isReady()) await build();
  };
  try {
    await oneAtATime(join(root, '.ready-lock'), make, wait);
  } catch (error) {
    stop(`ready.mjs: ${error.message}`);
  }
}

/** `check` compiles by itself, and tells of each kind of error. */
function isReady() {
  return isInstalled() && (task === 'check' || compiled().isCurrent);
}

async function install() {
  // npm empties the folder that a link leads to, which is another tree's.
  if (lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink())
    stop(`node_modules is a link to ${readlinkSync('node_modules')}: run npm run build there, or remove the link`);
  say('Installing the packages that package-lock.json names …');
  const { code, ended } = await finish('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (ended) stopEnded(ended, 'installing packages');
  if (code !== 0) stop('npm ci failed: see its messages above. Is the package registry reachable?');
}

/** Tells whether all of src is compiled, and nothing else, and whether that is newer than each source. */
function compiled() {
  const sources = files('src').filter((file) => /\.tsx?$/.test(file));
  const newest = Math.max(...['tsconfig.json', 'package-lock.json', ...sources].map((file) => statSync(file).mtimeMs));
  const wanted = new Set(sources.map((file) => file.replace(/^src/, 'dist').replace(/\.tsx?$/, '.js')));
  const there = existsSync('dist') ? files('dist').filter((file) => file.endsWith('.js')) : [];
  const isWhole = there.length === wanted.size && there.every((file) => wanted.has(file));
  return { isWhole, isCurrent: isWhole && existsSync(RECORD) && statSync(RECORD).mtimeMs >= newest };
}

async function build() {
  say('Building …');
  // The compiler's own record would have it skip what has been deleted here.
  if (!compiled().isWhole) rmSync('dist', { recursive: true, force: true });
  const { code, ended } = await compile();
  if (ended) stopEnded(ended, 'building');
  if (code !== 0) stop('The build failed: see the messages above.');
  // The record is not written anew when nothing had to be compiled.
  writeFileSync(RECORD, readFileSync(RECORD));
}

/** The compiler writes its output, and its record, whatever errors it finds: without the record it is run again. */
async function compile() {
  const end = await finish(bin('tsc'), ['-p', '.']);
  if (end.code !== 0) rmSync(RECORD, { force: true });
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

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BIN, cliFolder, runCli } from '../lib/cli.mjs';
import { medianOf } from '../lib/figures.mjs';
import { processTree } from '../lib/process-tree.mjs';
import { rowOf } from '../lib/row.mjs';
import { atMost } from '../lib/target.mjs';

const CONNECTIONS = 32;
const SLOTS = availableParallelism();
const STEP = 'while :; do :; done';
const BEGIN_MS = 120_000;

/** k. How soon `hookyard start` answers while nothing else is to do, and while each job slot has a job that wants a core. */
export async function busy(bench) {
  const generator = await bench.generator();
  const folder = await cliFolder(bench, {
    name: 'busy',
    automations: 'busy',
    taskQueue: 'busy',
    source: (data) => ({ clone: { url: join(data, '{fullName}.git') } }),
  });
  const rounds = [];
  for (let round = 0; round < (bench.quick ? 2 : 3); round++) {
    bench.say(`busy, round ${round + 1}`);
    const cli = runCli(bench, { command: 'start', ...folder });
    const { port } = await cli.untilListening();
    const load = () => generator.ask('run', { port, connections: CONNECTIONS, seconds: bench.quick ? 3 : 6 });
    await generator.ask('run', { port, connections: CONNECTIONS, count: 1_000 });
    const idle = await load();
    for (let slot = 0; slot < SLOTS; slot++) pushCommit(folder, `round ${round}, slot ${slot}`);
    await untilBurning(cli.pid);
    rounds.push({ idle, burning: await load() });
    await cli.stop();
  }
  return {
    targets: [
      atMost(
        `k. p99 with ${SLOTS} jobs at work / without, at ${CONNECTIONS}`,
        2,
        medianOf(rounds, ({ idle, burning }) => burning.p99 / idle.p99),
      ),
    ],
    rows: [
      rowOf(
        'k. hookyard start, no job',
        CONNECTIONS,
        rounds.map(({ idle }) => idle),
      ),
      rowOf(
        `k. the same, ${SLOTS} jobs at work`,
        CONNECTIONS,
        rounds.map(({ burning }) => burning),
      ),
    ],
  };
}

/** Makes a commit and pushes it to a repository that the source clones from, and tells Hookyard as GitHub would. */
function pushCommit({ data, env }, message) {
  const bare = join(data, 'bench', 'busy.git');
  const work = join(data, 'work');
  const git = (...args) =>
    execFileSync('git', args, { cwd: data, env: { ...env, ...GIT }, timeout: 30_000, stdio: 'pipe' });
  git('init', '--quiet', '--bare', '--initial-branch=burn', bare);
  git('init', '--quiet', '--initial-branch=burn', work);
  git('-C', work, 'commit', '--quiet', '--allow-empty', '--message', message);
  git('-C', work, 'push', '--quiet', bare, 'burn');
  git('-C', work, 'config', 'remote.origin.url', bare);
  const sent = ['send', 'push', '--from', work, '--source', 'github'];
  execFileSync(process.execPath, [BIN, ...sent], { cwd: data, env, timeout: 60_000, stdio: 'pipe' });
}

const GIT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
};

/** Waits until every slot has a job. */
async function untilBurning(pid) {
  for (const until = Date.now() + BEGIN_MS; Date.now() < until; await wait(200)) {
    const jobs = processTree(pid).filter((each) => commandOf(each).at(-2) === STEP);
    if (jobs.length >= SLOTS) return;
  }
  throw new Error('the jobs did not begin');
}

/** What a process was started with, ending with an empty text; of one that has ended, that alone. */
function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [''];
  }
}

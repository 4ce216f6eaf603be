import { findCli } from '../../src/temporal/find-cli.js';
import { postgresBinaries } from '../support/postgres-binaries.js';
import { startPostgres } from '../support/postgres-server.js';
import { makeAttacks } from './attacks/index.js';
import { type Cluster, openCluster } from './cluster.js';
import { isClean } from './count.js';
import { runCulprits } from './culprits/main.js';
import type { Fault } from './fault.js';
import { tryLanes } from './lanes/index.js';
import { type FaultOptions, HELP, type Options, readOptions, UsageError } from './options.js';
import { plan, type Rounds } from './plan.js';
import { inOneLine, runTrial } from './trial.js';

/**
 * `npm run test:faults`: a steady load, one fault after the other, and a count of what came of each delivery; with
 * `--culprits`, runs that do harm; with `--attacks`, what strangers might do to a receiver; with `--lanes`, what lanes promise.
 */
const REST_MS = 3_000;
const say = (line: string) =>
  void process.stdout.write(`${String(Math.round(performance.now() / 1_000)).padStart(4)} s  ${line}\n`);

const ending = new AbortController();
const closers: (() => Promise<void>)[] = [];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run test:faults -- --help says how it is used.\n`);
    process.exitCode = 2;
  } else {
    say(ending.signal.aborted ? 'Ended early: nothing was counted.' : String((error as Error).stack));
    process.exitCode = ending.signal.aborted ? 130 : 1;
  }
} finally {
  for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
}
// A library's timer must not keep the process.
setTimeout(() => process.exit(), 2_000).unref();

async function main(options: Options): Promise<number> {
  switch (options.what) {
    case 'help':
      process.stdout.write(`${HELP.join('\n')}\n`);
      return 0;
    case 'faults':
      return runFaults(options);
    case 'culprits':
      return (await runCulprits({ ...options, say, signal: ending.signal })) ? 0 : 1;
    case 'attacks':
      return (await makeAttacks({ ...options, say, signal: ending.signal })) ? 0 : 1;
    case 'lanes':
      return (await tryLanes({ ...options, say, signal: ending.signal })) ? 0 : 1;
    default:
      return options satisfies never;
  }
}

async function runFaults(options: FaultOptions): Promise<number> {
  const { seed, minutes, servers, workers, rate } = options;
  const cast = options.layout === 'start' ? 'hookyard start' : `${servers} server(s), ${workers} worker(s)`;
  say(`seed ${seed}: ${minutes} minutes, ${cast}, ${options.store}, ${rate} deliveries a second`);
  const rounds = plan(options);
  const first = rounds.next().value;
  say('Plan, as far as the time allows; then all kinds again, in another order:');
  for (const [i, { what }] of first.entries()) say(`${String(i + 1).padStart(4)}. ${what}`);
  const cluster = await open(options);
  const until = performance.now() + minutes * 60_000;
  const faults = whileThereIsTime(until, first, rounds);
  const { signal } = ending;
  const outcome = await runTrial({ ...options, cluster, faults, restMs: REST_MS, countEach: true, say, signal });
  const refused = [...outcome.refusals].map(([status, count]) => `${status || 'none'}: ${count}`).join(', ');
  say(`Answers without 2xx, after which the delivery was sent again: ${refused || 'none'}`);
  if (outcome.wentOnMs.length > 0) say(`A killed worker's runs had ended after ${medianAndWorst(outcome.wentOnMs)}`);
  for (const problem of outcome.problems) say(`✗ ${problem}`);
  const isGood = isClean(outcome) && outcome.problems.length === 0;
  say(`${isGood ? 'ok    ' : 'failed'}${inOneLine(outcome)}; seed ${seed}`);
  return isGood ? 0 : 1;
}

function medianAndWorst(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b).map((ms) => (ms / 1_000).toFixed(1));
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  return `${median} s (median), ${sorted.at(-1)} s (worst of ${sorted.length})`;
}

/** Ends before a fault that would begin too late. */
function* whileThereIsTime(until: number, first: readonly Fault[], rounds: Rounds): Generator<Fault, void> {
  for (let round = first; ; round = rounds.next().value) {
    for (const fault of round) {
      if (performance.now() >= until) return;
      yield fault;
    }
  }
}

async function open({ store, layout, servers, workers }: FaultOptions): Promise<Cluster> {
  const cli = await findCli({ env: process.env, onProgress: say });
  let database: string | undefined;
  if (store === 'postgres') {
    const postgres = await startPostgres(await postgresBinaries(say));
    closers.push(() => postgres.stop());
    database = postgres.url;
  }
  const cluster = await openCluster({ cli, layout, servers, workers, database });
  closers.push(() => cluster.close());
  return cluster;
}

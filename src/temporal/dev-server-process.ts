import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { isServing } from './is-serving.js';

export interface DevServerProcessOptions {
  readonly cli: string;
  readonly port: number;
  readonly uiPort: number;
  readonly database: string;
  readonly searchAttributes: readonly { readonly name: string; readonly type: string }[];
}

const START_MS = 30_000;
const STOP_MS = 10_000;
/** For a CLI that does not say when it is up: one that can't have its port ends within this time. */
const UNANNOUNCED_MS = 5_000;

/**
 * Measured to lift the runs per second on one machine: one partition per task queue, since one process serves all of
 * them, no look at the database for search attributes with each start, and no pause before what is new is dispatched.
 */
const TUNING = [
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'system.forceSearchAttributesCacheRefreshOnRead=false',
  // What is to be dispatched is looked for twenty times a second and shard, and there is one shard: runs waited for it.
  'history.transferProcessorMaxPollRPS=1000',
  // It also opens an HTTP API, without any login, which a web page in a browser of this machine could post to.
  'frontend.httpAllowedHosts=["none.invalid"]',
];

/**
 * A log instead of a rollback journal: one write to the disk that is waited for per transaction, and not three or four.
 * In full, so that what Temporal has said yes to is there after a power cut too: the inbox does not give it again.
 */
const PRAGMAS = ['journal_mode=wal', 'synchronous=full'];

/** Begins Temporal's development server. {@link untilUp} says whether it came up. */
export function spawnDevServer(options: DevServerProcessOptions): ChildProcess {
  // In a process group of its own: Ctrl-C on the terminal must reach it last, when nothing needs it any more.
  const child = spawn(options.cli, argumentsOf(options), { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  // Whatever ends this process without a stop, a second Ctrl-C for one: nobody else would end the server.
  const endToo = () => void child.kill();
  const forget = () => void process.off('exit', endToo);
  process.once('exit', endToo);
  child.once('exit', forget);
  // One that could not be begun shows as a process without a number.
  child.once('error', forget);
  return child;
}

/** Resolves when the server answers. Throws with its last words when it does not come up, and has then ended it. */
export async function untilUp(child: ChildProcess, { cli, port }: DevServerProcessOptions): Promise<void> {
  const output = keepEnd(child.stdout);
  const lastWords = keepEnd(child.stderr);
  const until = Date.now() + START_MS;
  const exited = new Promise<false>((resolve) => child.once('exit', () => resolve(false)));
  let servingSince: number | undefined;
  while (!hasEnded(child) && Date.now() < until) {
    if (await Promise.race([isServing(`127.0.0.1:${port}`), exited])) {
      servingSince ??= Date.now();
      // Another server may have been faster on this port and be the one that answers. Ours names the port once it has it.
      const isOurs = output().includes(`:${port}`) || Date.now() - servingSince > UNANNOUNCED_MS;
      if (isOurs && !hasEnded(child)) return;
    }
    await wait(50);
  }
  await end(child, 'SIGKILL');
  // The first of them: the rest of a crash is addresses.
  const words = lastWords().trim().split('\n').slice(0, 5).join('\n');
  throw new Error(`The Temporal server did not come up: ${words || `${cli} said nothing`}`);
}

/** Ends the process in order; by force after ten seconds. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}

function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

function argumentsOf({ port, uiPort, database, searchAttributes }: DevServerProcessOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error'],
    ...['--port', String(port), '--ui-port', String(uiPort), '--db-filename', database],
    ...searchAttributes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
    ...TUNING.flatMap((setting) => ['--dynamic-config-value', setting]),
    ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
  ];
}

const MAX_KEPT = 20_000;

/** Keeps the end of what a process says. Reads all of it: a pipe that nobody empties stops its writer. */
function keepEnd(stream: ChildProcess['stdout']): () => string {
  let text = '';
  stream?.on('data', (chunk: Buffer) => {
    text = (text + chunk).slice(-MAX_KEPT);
  });
  return () => text;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { makeNicer, NICER_THAN_RECEIVER_BY, nicerBy } from '../niceness.js';
import { shortEnvironment } from '../secrets/short-environment.js';
import { NoTemporalError } from './find-cli.js';
import { isServing } from './is-serving.js';

/** How a development server is called. */
export interface DevServerProcessOptions {
  readonly cli: string;
  readonly port: number;
  /** Where its UI listens. */
  readonly ui: { readonly host: string; readonly port: number };
  readonly database: string;
  readonly searchAttributes: readonly { readonly name: string; readonly type: string }[];
  /** Where it and a receiver want a core, that goes before: runs wait for one, and answers don't. */
  readonly besideReceiver?: boolean | undefined;
}

const START_MS = 30_000;
const STOP_MS = 10_000;
const LOOK_MS = 20;
const CONNECT_MS = 1_000;
/** For a CLI that does not report when it is up: one that can't get its port ends within this time. */
const UNANNOUNCED_MS = 5_000;

/**
 * Settings that were measured to raise the runs per second on one machine: one partition per task queue, because one
 * process serves all of them; no query for search attributes with each start; no pause before new tasks are dispatched.
 */
const TUNING = [
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'system.forceSearchAttributesCacheRefreshOnRead=false',
  // By default a shard looks for new tasks twenty times a second, and there is one shard: runs waited for it.
  'history.transferProcessorMaxPollRPS=1000',
  // Jobs go by their priority, and of one priority repositories take turns: a small one is not starved by a large one. What the
  // queue of an older version holds comes first.
  'matching.useNewMatcher=true',
  'matching.enableFairness=true',
  'matching.enableMigration=true',
  // Runs whose state is kept in memory. By default 128,000 are, for an hour each, though they have long ended.
  'history.hostLevelCacheMaxSize=1000',
  // The server also has an HTTP API without a login, to which a web page in a browser of this machine could post.
  'frontend.httpAllowedHosts=["none.invalid"]',
];

/**
 * A write-ahead log waits for one write to the disk per transaction, a rollback journal for three or four. `full` keeps
 * what Temporal has accepted through a power cut: the inbox does not hand it over again.
 */
const PRAGMAS = ['journal_mode=wal', 'synchronous=full'];

/**
 * From here on Go collects garbage more often, instead of when there is as much of it as of what is in use. No bound: what is
 * in use stays. https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
const MEMORY = '128MiB';

/** Starts the process of Temporal's development server. {@link untilUp} waits for it. */
export function spawnDevServer(options: DevServerProcessOptions): ChildProcess {
  // In a process group of its own: Ctrl-C on the terminal must reach it last, when nothing needs it any more.
  const child = spawn(options.cli, argumentsOf(options), {
    detached: true,
    env: { ...shortEnvironment(), GOMEMLIMIT: MEMORY },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Not its session: it would let all programs of the machine go before, and not this one alone.
  if (options.besideReceiver && child.pid !== undefined) makeNicer(child.pid, nicerBy(NICER_THAN_RECEIVER_BY));
  // If this process ends without a stop, by a second Ctrl-C for example, nobody else would end the server.
  const endToo = () => void child.kill();
  const forget = () => void process.off('exit', endToo);
  process.once('exit', endToo);
  child.once('exit', forget);
  // A process that could not be started has no id.
  child.once('error', forget);
  return child;
}

/** Resolves when the server answers. If it does not come up, ends it and throws an error with its last output. */
export async function untilUp(child: ChildProcess, { cli, port }: DevServerProcessOptions): Promise<void> {
  const output = keepEnd(child.stdout);
  const lastWords = keepEnd(child.stderr);
  const until = Date.now() + START_MS;
  const exited = new Promise<false>((resolve) => child.once('exit', () => resolve(false)));
  let servingSince: number | undefined;
  while (!hasEnded(child) && Date.now() < until) {
    // A connection of gRPC that is refused is tried again only after a second.
    if (await Promise.race([isListening(port).then((is) => is && isServing(`127.0.0.1:${port}`)), exited])) {
      servingSince ??= Date.now();
      // Another server may have been faster on this port and answer. Ours prints the port once it has it.
      const isOurs = output().includes(`:${port}`) || Date.now() - servingSince > UNANNOUNCED_MS;
      if (isOurs && !hasEnded(child)) return;
    }
    await wait(LOOK_MS);
  }
  await end(child, 'SIGKILL');
  // Only the first lines: the rest of a crash is addresses.
  const words = lastWords().trim().split('\n').slice(0, 5).join('\n');
  throw new NoTemporalError(`The Temporal server did not come up: ${words || `${cli} printed nothing`}`);
}

/**
 * Returns whether a server did not come up since a port was another's. Beside those that it is called with, it takes some by itself that
 * were free a moment before.
 */
export function hasLostPort(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || (error instanceof NoTemporalError && message.includes('address already in use'));
}

/** Returns whether something takes connections on a port of this machine. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const said = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.setTimeout(CONNECT_MS, said(false)).once('error', said(false));
    // A port that nobody has may be given to the connection itself.
    socket.once('connect', () => said(socket.localPort !== port)());
  });
}

/** Ends the process with a signal, and kills it after ten seconds. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}

/** Returns whether a process has ended, or was never there. */
export function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

function argumentsOf({ port, ui, database, searchAttributes }: DevServerProcessOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error'],
    ...['--port', String(port), '--ui-ip', ui.host, '--ui-port', String(ui.port), '--db-filename', database],
    ...searchAttributes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
    ...TUNING.flatMap((setting) => ['--dynamic-config-value', setting]),
    ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
  ];
}

const MAX_KEPT = 20_000;

/** Returns a function that returns the end of a stream's text. Reads all of it: a full pipe stops its writer. */
function keepEnd(stream: ChildProcess['stdout']): () => string {
  let text = '';
  stream?.on('data', (chunk: Buffer) => {
    text = (text + chunk).slice(-MAX_KEPT);
  });
  return () => text;
}

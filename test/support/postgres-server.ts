import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freeAddress } from './harness/free-address.js';

const run = promisify(execFile);
const START_MS = 60_000;
const STOP_MS = 15_000;
/** A role that may do everything in this server, which nobody else reaches. */
const ROLE = 'hookyard';

/** A real Postgres server with an empty data folder of its own. */
export interface TestServer {
  /** Of the database `postgres`, from where others are created. */
  readonly url: string;
  stop(): Promise<void>;
  /** Ends it as a power cut would: nothing is finished, nothing is written out. */
  crash(): Promise<void>;
  /** Starts it again on the same data and port, after a crash. */
  restart(): Promise<void>;
  /** Ends it at once and removes its folder, without waiting: for when the run is ended from outside. */
  kill(): void;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Starts the server; it listens on 127.0.0.1 alone. Postgres refuses to run as root: then it runs as `nobody`. */
export async function startPostgres(binaries: string): Promise<TestServer> {
  const owner = process.getuid?.() === 0 ? await nobody() : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-postgres-'));
  let server: ChildProcess | undefined;
  const stop = async () => {
    if (server) await end(server);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await chmod(folder, 0o700);
    if (owner) await chown(folder, owner.uid, owner.gid);
    const options = { cwd: folder, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' }, ...owner };
    const bin = await within(folder, { binaries, options });
    const data = join(folder, 'data');
    await run(join(bin, 'initdb'), ['-D', data, '-U', ROLE, '-A', 'trust', '-E', 'UTF8', '--no-sync'], options);
    const { port } = await freeAddress();
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
    const url = `postgres://${ROLE}@127.0.0.1:${port}/postgres`;
    const launch = async () => {
      server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((each) => ['-c', each])], {
        ...options,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      await untilReady(url, server);
    };
    await launch();
    return {
      url,
      stop,
      crash: () => (server ? end(server, 'SIGQUIT') : Promise.resolve()),
      restart: launch,
      kill() {
        // Its immediate shutdown: it ends its own processes too, which SIGKILL would leave behind.
        server?.kill('SIGQUIT');
        rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function nobody(): Promise<Owner> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'nobody'])).stdout)),
  );
  return { uid: uid ?? 65_534, gid: gid ?? 65_534 };
}

/** The binaries' folder, or that of a copy, if the user that the server runs as can't get at them: in root's home. */
async function within(
  folder: string,
  { binaries, options }: { binaries: string; options: { cwd: string; env: NodeJS.ProcessEnv } },
): Promise<string> {
  try {
    await run(join(binaries, 'initdb'), ['--version'], options);
    return binaries;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    await cp(dirname(binaries), join(folder, 'postgres'), { recursive: true, verbatimSymlinks: true });
    return join(folder, 'postgres', 'bin');
  }
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-4000);
  });
  const until = Date.now() + START_MS;
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > until) {
        throw new Error(`Postgres did not start: ${(error as Error).message}\n${said}`);
      }
      await wait(50);
    }
  }
}

/** By default through its fast shutdown, which cuts connections; SIGQUIT is the immediate one, which it recovers from. */
async function end(server: ChildProcess, signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill(signal);
  const late = setTimeout(() => server.kill('SIGQUIT'), STOP_MS);
  await ended;
  clearTimeout(late);
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@temporalio/client';
import { packageRoot } from '../../src/paths.js';
import { Secret } from '../../src/secrets/secret.js';
import { migratePostgres } from '../../src/store/postgres/migrate.js';
import { connectTo } from '../support/connect.js';
import { type Closers, closers } from '../support/harness/closers.js';
import { freeAddress } from '../support/harness/free-address.js';
import { API_TOKEN } from '../support/harness/place.js';
import { workerProcessOf } from '../support/harness/worker-process.js';
import { type Books, postgresBooks, sqliteBooks } from './books.js';
import { createEngine, type Engine } from './engine.js';
import { createMember, type Member } from './member.js';
import { startProxy, type TemporalProxy } from './proxy.js';
import { workerMemberOf } from './worker-member.js';

/** `start`: one `hookyard start`, of two processes. `apart`: servers and workers, as in a cluster. */
export type Layout = 'start' | 'apart';

export interface ClusterOptions {
  readonly cli: string;
  readonly layout: Layout;
  /** How many; one of each in a `start`. */
  readonly servers: number;
  readonly workers: number;
  /** An empty database; without it the store is a file. */
  readonly database?: string | undefined;
}

/** Everything that a fault may hit: real processes on a folder, a store and a Temporal server of their own. */
export interface Cluster {
  readonly store: 'sqlite' | 'postgres';
  readonly servers: readonly Member[];
  readonly workers: readonly Member[];
  readonly engine: Engine;
  readonly proxy: TemporalProxy;
  readonly books: Books;
  /** Of Temporal itself, past the proxy. */
  readonly client: Client;
  readonly secret: string;
  readonly source: string;
  /** What runs write down. */
  readonly ledger: string;
  /** Puts a server's clock off, in milliseconds. */
  shiftClock(server: Member, ms: number): Promise<void>;
  close(): Promise<void>;
}

const SOURCE = 'load';
const SECRET = 'a-webhook-secret-for-tests';

/** Starts Temporal, the proxy, the servers and the workers. What was started is ended again when one does not come up. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { close, ...opened } = closers();
  try {
    return { ...(await build(options, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  { cli, layout, servers, workers, database }: ClusterOptions,
  { add, defer }: Pick<Closers, 'add' | 'defer'>,
): Promise<Omit<Cluster, 'close'>> {
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-faults-'));
  defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const ledger = join(folder, 'ledger.jsonl');
  if (database) await migratePostgres({ url: new Secret(database) });

  const engine = await createEngine({ cli, folder });
  defer(() => engine.kill());
  await engine.start();
  const proxy = add(await startProxy(engine.port));
  const connection = add(await connectTo(`127.0.0.1:${engine.port}`));

  const env = {
    HOOKYARD_CONFIG: await writeConfig(folder),
    HOOKYARD_AUTOMATIONS: join(packageRoot, 'test/faults/automations'),
    HOOKYARD_JOB_SLOTS: '1',
    HOOK_SECRET: SECRET,
    HOOKYARD_API_TOKEN: API_TOKEN,
    HOOKYARD_CALLBACK_KEY: 'a-callback-key-for-tests-of-32-bytes',
    FAULTS_LEDGER: ledger,
    TEMPORAL_ADDRESS: proxy.address,
    ...(database && { DATABASE_URL: database }),
  };
  const make = async (command: 'start' | 'server' | 'worker', count: number): Promise<Member[]> => {
    const members: Member[] = [];
    for (let i = 1; i <= count; i += 1) {
      const name = `${command} ${i}`;
      const port = command === 'worker' ? undefined : (await freeAddress()).port;
      const preloads = command === 'worker' ? {} : { NODE_OPTIONS: preloaded(clockFile(folder, name)) };
      const member = createMember({
        command,
        name,
        // A data folder has one server; those of one file share it all the same.
        data: command === 'server' && database ? join(folder, name) : folder,
        env: { ...env, ...preloads },
        ...(port !== undefined && { port }),
      });
      defer(async () => {
        // Of a start: what it has started would find out only after a while.
        const worker = workerProcessOf(member.pid());
        await member.kill();
        try {
          if (worker !== undefined) process.kill(worker, 'SIGKILL');
        } catch {
          // It has seen that nobody is there any more, and ended.
        }
      });
      await member.start();
      members.push(member);
    }
    return members;
  };
  const cast = async () => {
    if (layout === 'apart') return { servers: await make('server', servers), workers: await make('worker', workers) };
    const starts = await make('start', 1);
    return { servers: starts, workers: starts.map(workerMemberOf) };
  };
  return {
    store: database ? 'postgres' : 'sqlite',
    ...(await cast()),
    engine,
    proxy,
    books: database ? postgresBooks(database) : sqliteBooks(join(folder, 'hookyard.db')),
    client: new Client({ connection }),
    secret: SECRET,
    source: SOURCE,
    ledger,
    shiftClock: ({ name }, ms) => writeFile(clockFile(folder, name), String(ms)),
  };
}

async function writeConfig(folder: string): Promise<string> {
  const config = join(folder, 'hookyard.config.ts');
  await writeFile(
    config,
    `import { defineConfig, env } from 'hookyard/config';
export default defineConfig({
  activities: '${join(packageRoot, 'test/faults/activities.ts')}',
  sources: { '${SOURCE}': { kind: 'github', secrets: [env('HOOK_SECRET')] } },
});
`,
  );
  return config;
}

function clockFile(folder: string, name: string): string {
  return join(folder, `${name.replace(' ', '-')}.clock`);
}

/** What a server's process is given to be put off its clock, and to outlive a full disk as on a real one. */
function preloaded(clock: string): string {
  const module = (name: string) => pathToFileURL(join(packageRoot, 'test/faults', name));
  const shifted = module('clock.mjs');
  shifted.searchParams.set('file', clock);
  return [shifted, module('full-disk.mjs')].map(({ href }) => `--import=${href}`).join(' ');
}

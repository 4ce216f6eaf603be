import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import getPort from 'get-port';
import { Client } from 'pg';
import { startChild } from '../lib/child.mjs';
import { cliFolder, runCli } from '../lib/cli.mjs';
import { processTree } from '../lib/process-tree.mjs';
import { startRestateServer } from './restate-server.mjs';

/*
 * Each of these begins a whole system that answers a delivery once it is synced to a disk, and then runs it. They return
 * `start`, which starts its processes, anew on the same data once they were killed: it resolves to the port, and to
 * `kill`, which sends SIGKILL to all of them at once. `file`: where the first step of each run writes that it began.
 */

/** `hookyard start`, with its own Temporal. */
export async function hookyard(bench, { name, file }) {
  const { data, env } = await cliFolder(bench, { name, automations: 'one', taskQueue: name });
  return {
    async start() {
      const cli = runCli(bench, { command: 'start', data, env: { ...env, BENCH_STEP_FILE: file } });
      const { port } = await cli.untilListening();
      const kill = async () => {
        for (const pid of processTree(cli.pid)) signal(pid);
        await cli.stop();
      };
      return { port, kill };
    },
  };
}

/** A Restate server of its own, and a process with the receiver and the service. */
export async function restate(bench, { name, file, packages }) {
  const folder = join(bench.folder, name);
  const [node, ingress, admin, servicePort, port] = await freePorts(5);
  return {
    async start() {
      const server = await startRestateServer({ packages, folder, ports: { node, ingress, admin } });
      bench.onEnd(server.kill);
      const child = startChild('systems/peer-restate.mjs', { env: { BENCH_STEP_FILE: file } });
      bench.onEnd(child.kill);
      await child.ask('begin', { packages, secret: bench.secret, port, servicePort, ingressPort: ingress });
      await server.register(servicePort);
      return { port, kill: () => Promise.all([server.kill(), child.kill()]) };
    },
  };
}

/** A process with the receiver and DBOS, on a database of its own. Postgres itself goes on. */
export async function dbos(bench, { file, packages, postgres }) {
  const database = new URL(postgres);
  database.pathname = `/bench_${randomBytes(6).toString('hex')}`;
  const [port] = await freePorts(1);
  await sql(postgres, `CREATE DATABASE ${database.pathname.slice(1)}`);
  return {
    async start() {
      const child = startChild('systems/peer-dbos.mjs', { env: { BENCH_STEP_FILE: file } });
      bench.onEnd(child.kill);
      await child.ask('begin', { packages, secret: bench.secret, port, database: database.href });
      return { port, kill: () => child.kill() };
    },
  };
}

async function sql(url, text) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function freePorts(count) {
  const ports = [];
  while (ports.length < count) ports.push(await getPort({ host: '127.0.0.1', exclude: ports }));
  return ports;
}

/** One that has ended meanwhile needs none. */
function signal(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

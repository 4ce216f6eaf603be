import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const UP_MS = 60_000;

/**
 * Starts a Restate server on a folder, as it comes: it syncs its log to the disk before it answers
 * (`rocksdb-disable-wal-fsync` is false). Resolves when it has the service of `servicePort`.
 */
export async function startRestateServer({ packages, folder, ports }) {
  const platform = `restate-server-${process.platform}-${process.arch}`;
  const program = join(packages, 'node_modules', '@restatedev', platform, 'bin', 'restate-server');
  if (!existsSync(program)) throw new Error(`there is no Restate server for ${process.platform} ${process.arch}`);
  await mkdir(folder, { recursive: true });
  const { PATH, HOME } = process.env;
  const child = spawn(program, ['--no-logo', '--bind-ip', '127.0.0.1', '--listen-mode', 'tcp'], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      PATH,
      HOME,
      RESTATE_BASE_DIR: join(folder, 'data'),
      RESTATE_NODE_NAME: 'bench',
      RESTATE_BIND_PORT: String(ports.node),
      RESTATE_INGRESS__BIND_PORT: String(ports.ingress),
      RESTATE_ADMIN__BIND_PORT: String(ports.admin),
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'error',
    },
  });
  await untilAnswers(child, `http://127.0.0.1:${ports.admin}/health`);
  return {
    pid: child.pid,
    async register(servicePort) {
      const answer = await fetch(`http://127.0.0.1:${ports.admin}/deployments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ uri: `http://127.0.0.1:${servicePort}`, force: true }),
        signal: AbortSignal.timeout(UP_MS),
      });
      if (!answer.ok) throw new Error(`Restate takes no service: ${answer.status} ${await answer.text()}`);
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function untilAnswers(child, url) {
  for (const until = Date.now() + UP_MS; ; await wait(50)) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (child.exitCode === null && Date.now() < until) continue;
    child.kill('SIGKILL');
    throw new Error('the Restate server did not come up');
  }
}

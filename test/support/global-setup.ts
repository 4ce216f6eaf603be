import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { searchAttributes } from '../../src/server/search-attributes.js';
import { startDevServer } from '../../src/temporal/dev-server.js';
import { findCli } from '../../src/temporal/find-cli.js';

declare module 'vitest' {
  export interface ProvidedContext {
    temporalAddress: string;
    temporalCli: string;
  }
}

/** One real Temporal server for the whole run. Test files share it and keep apart by task queue and source. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cli = await findCli({ env: process.env, onProgress: (line) => process.stderr.write(`${line}\n`) });
  const dataFolder = await mkdtemp(join(tmpdir(), 'hookyard-temporal-'));
  const server = await startDevServer({
    cli,
    dataFolder,
    searchAttributes,
    log: pino({ level: 'error' }),
    port: 17233,
    uiPort: 18233,
  });
  // Should the run be ended from outside, nobody else would end the server.
  const end = () => {
    const pid = server.pid();
    if (pid) process.kill(pid, 'SIGKILL');
  };
  process.once('exit', end);
  project.provide('temporalAddress', server.address);
  project.provide('temporalCli', cli);
  return async () => {
    process.off('exit', end);
    await server.stop();
    await rm(dataFolder, { recursive: true, force: true });
  };
}

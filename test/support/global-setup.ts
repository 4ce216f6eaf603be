import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { sweepAbandoned } from '../../src/activities/job/trees/sweep-trees.js';
import { workspaceRoots } from '../../src/activities/job/workspace-root.js';
import { searchAttributes } from '../../src/runs/search-attributes.js';
import { startDevServer } from '../../src/temporal/dev-server.js';
import { findCli } from '../../src/temporal/find-cli.js';
import { postgresBinaries } from './postgres-binaries.js';
import { startPostgres, type TestServer } from './postgres-server.js';

declare module 'vitest' {
  export interface ProvidedContext {
    temporalAddress: string;
    temporalCli: string;
    /** `problem`: why there is none. */
    postgres: { readonly url: string; readonly binaries: string; readonly problem?: string };
  }
}

/**
 * Starts one real Temporal server and one real Postgres server for the whole run. Test files share them and keep apart by
 * task queue and source, and by a database each. What tests and their processes put into the folder for temporary files is
 * removed at the end.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cli = await findCli({ env: process.env, onProgress: tell });
  const temporary = await mkdtemp(join(tmpdir(), 'hookyard-tests-'));
  // Postgres runs as another user, and has to get through to its folder.
  await chmod(temporary, 0o711);
  process.env.TMPDIR = temporary;
  const postgres = await providePostgres(project);
  const dataFolder = await mkdtemp(join(temporary, 'temporal-'));
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
    postgres?.kill();
    rmSync(temporary, { recursive: true, force: true });
  };
  process.once('exit', end);
  project.provide('temporalAddress', server.address);
  project.provide('temporalCli', cli);
  return async () => {
    process.off('exit', end);
    await Promise.all([server.stop(), postgres?.stop()]);
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
    // Jobs of installations that lay in there.
    await sweepAbandoned(workspaceRoots({ data: temporary, jobs: {} }));
  };
}

/** Starts the server. A run without one goes on: only the tests that need it fail, and say why. */
async function providePostgres(project: TestProject): Promise<TestServer | undefined> {
  try {
    const binaries = await postgresBinaries(tell);
    const server = await startPostgres(binaries);
    project.provide('postgres', { url: server.url, binaries });
    return server;
  } catch (error) {
    project.provide('postgres', {
      url: '',
      binaries: '',
      problem: `There is no Postgres to test with: ${(error as Error).message}`,
    });
    return undefined;
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

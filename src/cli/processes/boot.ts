import type { Config } from '../../config/config.js';
import { loadConfig } from '../../config/load.js';
import { createLog, type Logger } from '../../log.js';
import { startTracing, tracingIsWanted } from '../../tracing/start.js';
import type { Tracing } from '../../tracing/tracing.js';
import { createLifecycle, type Lifecycle } from './lifecycle.js';

const LINGER_MS = 2_000;

export interface Boot {
  readonly config: Config;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  /** Undefined unless the environment says where traces go. */
  readonly tracing: Tracing | undefined;
}

/** What every long-running command begins with. Readable lines on a terminal, JSON everywhere else. */
export async function boot(): Promise<Boot> {
  const config = await loadConfig({ env: process.env, cwd: process.cwd() });
  const log = createLog({ level: config.logLevel, pretty: process.stdout.isTTY === true });
  const lifecycle = createLifecycle(log);
  const tracing = tracingIsWanted(process.env) ? await startTracing(log) : undefined;
  if (tracing) lifecycle.onStop('the traces', () => tracing.stop());
  return { config, log, lifecycle, tracing };
}

/** Runs a command's parts until a signal or a failure ends them, and sets the exit code. What was started is stopped. */
export async function runUntilStopped(
  { lifecycle, log }: Pick<Boot, 'lifecycle' | 'log'>,
  start: () => Promise<readonly Promise<never>[]>,
): Promise<void> {
  let failures: readonly Promise<never>[] = [];
  const stopped = lifecycle.untilStopped();
  try {
    failures = await Promise.race([start(), stopped.then(() => [])]);
  } catch (error) {
    if (!lifecycle.stopping()) {
      await lifecycle.stop();
      endSoon();
      throw error;
    }
    // What was still starting has found gone what it needs.
    log.debug({ err: error }, 'stopped before everything was started');
  }
  for (const failure of failures) failure.catch(lifecycle.fail);
  process.exitCode = await stopped;
  endSoon();
}

/**
 * Everything is closed by now; a thread of a library that lingers must not keep the process from ending. With the exit
 * code that is set by then.
 */
function endSoon(): void {
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

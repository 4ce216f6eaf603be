import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from '../log.js';

/**
 * Sets up Temporal's native runtime, once per process and before the first connection: its lines go to our log, and
 * signals are ours to handle, since the worker is not the only thing to be stopped in order.
 */
export function installRuntime(log: Logger): void {
  const write = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
  const logger = new DefaultLogger('DEBUG', ({ level, message, meta }) => {
    const { error, ...rest } = (meta ?? {}) as { error?: unknown };
    log[write[level]]({ temporal: true, ...rest, ...(error !== undefined && { err: error }) }, message);
  });
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
  });
}

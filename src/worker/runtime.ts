import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from '../log.js';
import { createLogThrottle } from './log-throttle.js';

/** Fields of the SDK's lines that are left out: a long opaque token, and what our own log adds. */
const DROPPED = ['taskToken', 'timestampNanos', 'isLocal', 'target'];

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Installs Temporal's native runtime, once per process and before the first connection. Its lines go to our log; its
 * metrics, with those of workflows and activities, to a Prometheus exporter on `metricsAddress`. Signals are left to the
 * process, which has more to stop than the worker.
 */
export function installRuntime(log: Logger, { metricsAddress }: { metricsAddress?: string | undefined } = {}): void {
  const throttle = createLogThrottle();
  const logger = new DefaultLogger('DEBUG', ({ level, message, meta }) => {
    const { error, sdkComponent, ...rest } = (meta ?? {}) as Record<string, unknown>;
    for (const key of DROPPED) delete rest[key];
    // The jobs' worker has none on purpose.
    if (message.startsWith('No workflows registered')) return;
    if (sdkComponent === 'core' && level === 'WARN' && throttle.isRepeat(message, performance.now())) return;
    log[levelOf(level, sdkComponent)]({ ...rest, ...(error !== undefined && { err: error }) }, message);
  });
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
      ...(metricsAddress && {
        metrics: {
          prometheus: {
            bindAddress: metricsAddress,
            countersTotalSuffix: true,
            unitSuffix: true,
            useSecondsForDurations: true,
          },
        },
      }),
    },
  });
}

/**
 * Returns the level in our log: that of the line, but `debug` for what the worker itself says at `info`, because we log
 * its start and stop.
 */
function levelOf(level: keyof typeof LEVELS, component: unknown): (typeof LEVELS)[keyof typeof LEVELS] {
  if (level === 'INFO' && component !== 'workflow') return 'debug';
  return LEVELS[level];
}

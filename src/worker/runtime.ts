import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from '../log.js';
import { createLogThrottle } from './log-throttle.js';

/** Of the SDK's lines, what nobody needs: a token that is long and says nothing, and what our log has by itself. */
const DROPPED = ['taskToken', 'timestampNanos', 'isLocal', 'target'];

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Sets up Temporal's native runtime, once per process and before the first connection: its lines go to our log, its
 * metrics to an exporter on `metricsAddress`, what workflows and activities count among them, and
 * signals are ours to handle, since the worker is not the only thing to be stopped in order.
 */
export function installRuntime(log: Logger, { metricsAddress }: { metricsAddress?: string | undefined } = {}): void {
  const repeats = createLogThrottle();
  const logger = new DefaultLogger('DEBUG', ({ level, message, meta }) => {
    const { error, sdkComponent, ...rest } = (meta ?? {}) as Record<string, unknown>;
    for (const key of DROPPED) delete rest[key];
    // The jobs' worker has none on purpose, and nobody should wonder.
    if (message.startsWith('No workflows registered')) return;
    if (sdkComponent === 'core' && level === 'WARN' && repeats.isRepeat(message, performance.now())) return;
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
 * What workflows log is theirs. Of the worker itself, whose starting and stopping we log, only trouble counts; its
 * warnings are of retries that go on by themselves.
 */
function levelOf(level: keyof typeof LEVELS, component: unknown): (typeof LEVELS)[keyof typeof LEVELS] {
  if (level === 'INFO' && component !== 'workflow') return 'debug';
  return LEVELS[level];
}

import type { Logger } from '../log.js';
import type { Tracing } from './tracing.js';

/** Says whether the environment names a collector, in OpenTelemetry's own variables, which its exporter reads. */
export function tracingIsWanted(env: NodeJS.ProcessEnv): boolean {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}

/**
 * Starts to send traces by OTLP over HTTP, as JSON, once per process. The packages are loaded here and not before: a
 * process without traces pays nothing for them.
 */
export async function startTracing(log: Logger): Promise<Tracing> {
  const { createTracing } = await import('./open-telemetry.js');
  return createTracing(log);
}

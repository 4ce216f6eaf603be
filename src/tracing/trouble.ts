import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import type { Logger } from '../log.js';

/** A collector that is away would say so with every batch. */
const QUIET_MS = 60_000;
/** In characters: an exporter's error quotes the collector's answer. */
const MAX = 300;

/** Has OpenTelemetry's own errors and warnings told in our log, one a minute. */
export function tellTrouble(log: Logger): void {
  let quietUntil = 0;
  const tell = (message: string) => {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + QUIET_MS;
    log.warn({ because: message.slice(0, MAX) }, 'traces are not sent as they should be');
  };
  const silent = () => undefined;
  const logger: DiagLogger = { error: tell, warn: tell, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

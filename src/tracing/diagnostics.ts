import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import type { Logger } from '../log.js';
import { maskKnown } from '../secrets/mask.js';
import { maskText } from '../secrets/mask-values.js';

/** A collector that is unavailable causes an error with every batch. */
const QUIET_MS = 60_000;
/** In characters, because an exporter's error quotes the collector's answer. */
const MAX = 300;

/** Logs OpenTelemetry's own errors and warnings, at most one a minute, masked before they are cut. */
export function logDiagnostics(log: Logger): void {
  let quietUntil = 0;
  const warn = (message: string) => {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + QUIET_MS;
    log.warn({ because: maskText(message, maskKnown).slice(0, MAX) }, 'traces are not exported as they should be');
  };
  const silent = () => undefined;
  const logger: DiagLogger = { error: warn, warn, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

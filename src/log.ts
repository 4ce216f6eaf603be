import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** The properties of requests that hold credentials. */
const CREDENTIALS = ['authorization', 'Authorization', 'headers'];

/**
 * Returns the process's log: one JSON object a line, or readable lines if `pretty`. It goes to `to`, or to standard
 * output. The redaction is a second fence; the first is that secrets are `Secret` objects, which print as `[secret]`.
 */
export function createLog(options: { level: string; pretty: boolean }, to?: DestinationStream): Logger {
  const settings = {
    level: options.level,
    base: null,
    formatters: { log: withoutCredentials },
    serializers: { err: withoutExchange },
    ...(options.pretty && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', singleLine: true },
      },
    }),
  };
  return to ? pino(settings, to) : pino(settings);
}

/** Redacts credentials. pino's own list of paths would copy every line. */
function withoutCredentials(line: Record<string, unknown>): Record<string, unknown> {
  let kept = line;
  for (const key in line) {
    const value = line[key];
    if (typeof value !== 'object' || value === null || value instanceof Error) continue;
    for (const name of CREDENTIALS) {
      if (name in value) kept = { ...kept, [key]: { ...(kept[key] as object), [name]: '[redacted]' } };
    }
  }
  return kept;
}

/** Returns an error without the request and the response that libraries attach to it. */
function withoutExchange(error: Error): object {
  const { request, response, headers, config, ...rest } = pino.stdSerializers.err(error) as Record<string, unknown>;
  return rest;
}

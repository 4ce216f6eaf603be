import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** The properties of requests that hold credentials. */
const CREDENTIALS = ['authorization', 'Authorization', 'headers'];

/** How a log is written. */
export interface LogOptions {
  readonly level: string;
  readonly pretty: boolean;
  /** Hides secrets in a line of JSON, which stays one. */
  readonly mask?: (line: string) => string;
}

/**
 * Returns the process's log: one JSON object a line, or readable lines if `pretty`. It goes to `to`, or to standard
 * output. Redaction and mask are further fences; the first is that secrets are `Secret` objects, which print as `[secret]`.
 */
export function createLog({ level, pretty, mask = (line) => line }: LogOptions, to?: DestinationStream): Logger {
  const settings = {
    level,
    base: null,
    formatters: { log: withoutCredentials },
    serializers: { err: withoutExchange },
    hooks: { streamWrite: (line: string) => (pretty ? forTerminal(mask(line)) : mask(line)) },
    ...(pretty && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', singleLine: true },
      },
    }),
  };
  return to ? pino(settings, to) : pino(settings);
}

/**
 * Returns a line of JSON without what a terminal would obey once it is shown as text: control characters, of C1 too, marks
 * that change the direction of writing, and Unicode's own ends of lines. What comes from outside gets into errors.
 */
export function forTerminal(line: string): string {
  const shown = line.replace(/[\u007f-\u009f\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '');
  // Those of C0 are escaped in JSON. A backslash that is itself escaped begins none of them.
  return shown.replace(/\\(u[\da-f]{4}|.)/giu, (sequence, what: string) =>
    /^(?:u00[01]|[bfr]$)/i.test(what) ? '' : sequence,
  );
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

import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * The process's log: one JSON object a line, or readable lines on a terminal. The redaction is a second fence; the
 * first is that secrets are `Secret` objects, which print as `[secret]`.
 */
export function createLog(options: { level: string; pretty: boolean }): Logger {
  return pino({
    level: options.level,
    base: null,
    redact: ['*.authorization', '*.Authorization', 'headers.authorization', 'req.headers'],
    ...(options.pretty && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', singleLine: true },
      },
    }),
  });
}

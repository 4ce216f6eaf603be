import { pino } from 'pino';
import type { Logger } from '../../../src/log.js';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [key: string]: unknown;
}

export interface KeptLog {
  readonly log: Logger;
  /** As they would be printed. */
  readonly printed: string[];
  /** Those with this message, parsed. */
  lines(msg?: string): LogLine[];
}

export const ERROR = 50;
export const WARN = 40;

/** A real log at its most talkative that keeps what it would print. */
export function keepLog(): KeptLog {
  const printed: string[] = [];
  const log = pino({ level: 'trace', base: null }, { write: (line: string) => void printed.push(line) });
  return {
    log,
    printed,
    lines: (msg) => printed.map((line) => JSON.parse(line) as LogLine).filter((line) => !msg || line.msg === msg),
  };
}

import type { LogsAnswer } from '../../server/api/contract.js';
import { harmless, paint } from './paint.js';

/** Formats a line of a job's output, with the job's name where a run has several. */
export function logLine(
  { stream, text }: Pick<LogsAnswer['lines'][number], 'stream' | 'text'>,
  job: string | undefined,
): string {
  const shown = stream === 'note' ? paint('cyan', `· ${harmless(text)}`) : `  ${harmless(text)}`;
  return job ? `${paint('gray', job)} ${shown}` : shown;
}

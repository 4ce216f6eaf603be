import { DeadlineError } from '../async/deadline.js';

/**
 * What went wrong, for a message. A system error's code says it without quoting anything; a message text may quote the
 * address or what was sent, so only the deadline's own is shown.
 */
export function causeOf(error: unknown): string {
  if (error instanceof DeadlineError) return error.message;
  const { code, name } = error as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : (name ?? 'unknown error');
}

import { DeadlineError } from '../async/deadline.js';

/**
 * Returns what went wrong, for a message: a system error's code, or its name. An error's own text may quote the address
 * or what was sent, so only that of a deadline is shown.
 */
export function causeOf(error: unknown): string {
  if (error instanceof DeadlineError) return error.message;
  const { code, name } = error as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : (name ?? 'unknown error');
}

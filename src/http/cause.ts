/**
 * What went wrong, for a message. A system error's code says it without quoting anything; a message text may quote the
 * address or what was sent, so only the deadline's own is shown.
 */
export function causeOf(error: unknown): string {
  const { code, name, message } = error as { code?: unknown; name?: string; message?: string };
  if (typeof code === 'string') return code;
  return message?.startsWith('no answer within') ? message : (name ?? 'unknown error');
}

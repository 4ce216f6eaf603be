/**
 * What git and its helpers say of a server that is away, in the words of git, curl and OpenSSH: it can't be found or
 * reached, breaks the connection off, or answers 408, 425, 429 or 5xx. Not what a server says that refuses: no such
 * repository, no permission. The words are git's own: it is run with `LC_ALL=C`.
 */
const AWAY = [
  /could(?: not|n't) resolve (?:host|proxy)|temporary failure in name resolution|name or service not known/i,
  /failed to connect|could(?: not|n't) connect|connection (?:refused|reset|timed out|closed|was reset|broken)/i,
  /no route to host|network is unreachable|host is down|operation timed out|timeout was reached|took too long/i,
  /the requested url returned error: (?:408|425|429|5\d\d)\b|\bHTTP (?:408|425|429|5\d\d)\b/i,
  /empty reply from server|recv failure|send failure|transfer closed|operation too slow/i,
  /early eof|unexpected disconnect|hung up unexpectedly|unexpected eof|ssl_error_syscall|tls connection was non-properly/i,
  /HTTP\/2 stream \d+ was not closed cleanly|kex_exchange_identification|broken pipe/i,
];

/**
 * Returns whether git failed because the other side is away, by what it wrote to stderr. What is not known is no absence:
 * it is tried again some times, and not for a day.
 */
export function saysAway(said: string): boolean {
  return AWAY.some((words) => words.test(said));
}

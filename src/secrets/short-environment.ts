/** What programs need to find themselves, their files and the way out. Nothing of it is ours. */
const NEEDED = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

/**
 * Returns the environment for a program that Hookyard starts, without this process's own: secrets are in there, which the
 * program has no use for, and which others of its user can read in its process. `also`: further variables it needs.
 */
export function shortEnvironment(also: RegExp = /^$/): Record<string, string> {
  const short: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && (NEEDED.includes(name) || also.test(name))) short[name] = value;
  return short;
}

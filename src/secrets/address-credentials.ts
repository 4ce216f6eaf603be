/**
 * Returns whether an address holds a password, or anything before its host where that may be a token: `https://user@host`. A
 * name alone before an SSH host is no credential: `ssh://git@host`, `git@host:path`. Read as browsers read it, so that no
 * spelling hides one: capitals, blanks around it, backslashes.
 */
export function holdsCredentials(address: string): boolean {
  const text = address.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.password || (url?.username && !/^(?:ssh|git\+ssh|ssh\+git):$/.test(url.protocol))) return true;
  // Git also takes `user:password@host:path`, and `helper::address`, which are no URLs, or have one within.
  if (/^[^/\\@:]+:[^/\\@]*@/.test(text)) return true;
  return [...text.matchAll(/[a-z]:[\\/]{2,}([^\s\\/?#@]*)@/gi)].some(([, user]) => user?.includes(':'));
}

/** Says what to do about an address that {@link holdsCredentials}; follows the name of its option. */
export const NO_CREDENTIALS = 'must hold no user and no password: they would be in logs and in histories';

/** Returns a web address as it is shown: without the user and the password that it may hold. */
export function withoutUser(address: string): string {
  const url = new URL(address);
  if (!url.username && !url.password) return address;
  url.username = '';
  url.password = '';
  return url.href;
}

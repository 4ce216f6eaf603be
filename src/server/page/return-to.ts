/** In characters: a longer address is not gone back to. */
const MAX_PATH = 500;

/** Returns the path of this server that somebody wanted to before they had to sign in; `/` for what leads elsewhere. */
export function returnTo(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > MAX_PATH || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted)) return '/';
  const here = 'http://here.invalid';
  return URL.canParse(wanted, here) && new URL(wanted, here).origin === here ? wanted : '/';
}

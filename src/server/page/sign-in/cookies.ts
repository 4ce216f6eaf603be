import type { IncomingMessage } from 'node:http';

/** A browser takes a cookie of this name only over TLS, for one host and all its paths, and from nobody else. */
const HOST_PREFIX = '__Host-';

/**
 * Returns the value of a cookie. Over TLS only that counts which was set over TLS, by this host: others could have set it else, such as
 * a neighbour in the same domain. Without TLS, either.
 */
export function readCookie(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { name, isSecure }: { readonly name: string; readonly isSecure: boolean },
): string | undefined {
  const given = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const valueIn = (wanted: string) =>
    given
      .find(([key]) => key === wanted)
      ?.slice(1)
      .join('=');
  return valueIn(`${HOST_PREFIX}${name}`) ?? (isSecure ? undefined : valueIn(name));
}

/**
 * Returns the `Set-Cookie` header of a cookie that scripts can't read, and that other sites' forms are not sent with. `Lax` and not
 * `Strict`: who follows a link from a commit status stays signed in. Without a value, it removes the cookie.
 */
export function cookieHeader(
  name: string,
  { value, isSecure, seconds }: { readonly value?: string; readonly isSecure: boolean; readonly seconds?: number },
): string {
  const key = isSecure ? `${HOST_PREFIX}${name}` : name;
  const age = value === undefined ? 0 : seconds;
  return `${key}=${value ?? ''}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}; Max-Age=${age}`;
}

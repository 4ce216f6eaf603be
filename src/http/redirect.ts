/** One for an owner's new name, one for a repository's; no more than these of one request are followed. */
export const MAX_REDIRECTS = 3;

/** Returns where a redirect leads; undefined for what is no redirect, or would make another request of it. */
export function redirectTarget(
  { status, location }: { readonly status: number; readonly location: string | null | undefined },
  { asked, method }: { readonly asked: URL; readonly method: string },
): URL | undefined {
  const keepsMethod = status === 307 || status === 308;
  if (!keepsMethod && !(method === 'GET' && (status === 301 || status === 302))) return undefined;
  return location && URL.canParse(location, asked.href) ? new URL(location, asked.href) : undefined;
}

/** A part of a path behind which people sign in, as services and the proxies before them have it. */
const SIGN_IN = /\/(?:_?sign[_-]?in|log[_-]?in|securityrealm|oauth2?|openid|saml2?|sso|auth|authorize)(?:\/|$)/i;

/**
 * Returns whether an answer is a redirect to a page where people sign in: the credentials were not taken. `asked`: the path of the
 * request, whose own parts say nothing where the redirect has them too: a job may be called `auth`.
 */
export function leadsToSignIn(
  answer: { readonly status: number; readonly location: string | undefined },
  asked = '',
): boolean {
  const { status, location = '' } = answer;
  if (status < 300 || status >= 400) return false;
  const base = 'http://of.the.request/';
  return URL.canParse(location, base) && SIGN_IN.test(beyond(new URL(location, base).pathname, asked));
}

/** Returns a path without the longest part of it that what was asked for lies below. */
function beyond(path: string, asked: string): string {
  const whole = `${path}/`;
  for (let above = asked; above.includes('/'); above = above.slice(0, above.lastIndexOf('/'))) {
    const at = above.length > 1 ? whole.indexOf(`${above}/`) : -1;
    if (at >= 0) return `${whole.slice(0, at)}/${whole.slice(at + above.length + 1)}`;
  }
  return path;
}

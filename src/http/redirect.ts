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

/** The first parts of the paths that providers, builds, relying parties and commands are told. */
const TOLD = /^\/(?:webhooks|callbacks|approvals|api|healthz|readyz|\.well-known)(?:\/|$)/;
/** Those of the page. */
const PAGE =
  /^\/(?:(?:deliveries|runs|artifacts|lanes|automations|outbound|sources|logs|assets|sign-in|sign-out|badges)(?:[/.]|$)|(?:index\.json|cc\.xml)$)/;

/**
 * Returns a function that takes off a request's URL what stands before the receiver's own path: scheme and host, slashes that
 * are there twice, and the path of the public address, which some proxies pass on and others take off.
 */
export function createOwnPath(publicUrl: string | undefined): (url: string) => string {
  const base = basePath(publicUrl);
  return (url) => {
    const [, path = '', query = ''] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)(.*)$/s.exec(url) ?? [];
    const single = path.replace(/\/{2,}/g, '/');
    const below = base !== '' && single.startsWith(`${base}/`) ? single.slice(base.length) : single;
    const isOwn = TOLD.test(below) || (PAGE.test(below) && !TOLD.test(single));
    return `${isOwn ? below : single}${query}`;
  };
}

/** Returns the path of the public address, without a slash at its end: `''` where it has none. */
export function basePath(publicUrl: string | undefined): string {
  return publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
}

/** The first parts of the paths that the receiver answers. */
const OWN = /^\/(?:webhooks|callbacks|api|healthz|readyz)(?:\/|$)/;

/**
 * Returns a function that takes off a request's URL what stands before the receiver's own path: scheme and host, slashes that
 * are there twice, and the path of the public address, which some proxies pass on and others take off.
 */
export function createOwnPath(publicUrl: string | undefined): (url: string) => string {
  const base = publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
  return (url) => {
    const [, path = '', query = ''] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)(.*)$/s.exec(url) ?? [];
    const single = path.replace(/\/{2,}/g, '/');
    const below = base !== '' && single.startsWith(`${base}/`) ? single.slice(base.length) : single;
    return `${OWN.test(below) ? below : single}${query}`;
  };
}

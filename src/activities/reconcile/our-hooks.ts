import type { Config } from '../../config/config.js';
import type { Hook } from '../../providers/hooks-api.js';

/**
 * Returns the hooks that lead to this source: to its address under `server.publicUrl`, or where that is not configured,
 * to an address that ends in the source's path. The deliveries of other hooks are not ours to redeliver.
 */
export function ourHooks<H extends Pick<Hook, 'url'>>(
  hooks: readonly H[],
  { config, source }: { config: Pick<Config, 'server'>; source: string },
): H[] {
  const { publicUrl } = config.server;
  const path = `/webhooks/${source}`;
  const whole = publicUrl && addressOf(`${publicUrl}${path}`);
  return hooks.filter(({ url }) => {
    const address = addressOf(url);
    return whole ? address === whole : address?.endsWith(path);
  });
}

/** Leaves out user, query, fragment, and slashes that are there twice: the receiver does too. */
function addressOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/{2,}/g, '/')}`;
}

import type { GitFacts } from './facts.js';

/**
 * Returns what finds the repositories of a product's own service at the host that it has for networks which let ssh through on the
 * port of https alone. `web`: the host of its pages.
 */
export function atSshHost(web: string, ssh: string): NonNullable<GitFacts['alsoAt']> {
  return ({ hostname, path }, url) => (hostname === ssh && new URL(url).hostname === web ? path : undefined);
}

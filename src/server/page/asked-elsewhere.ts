import type { IncomingMessage } from 'node:http';

/**
 * Returns whether another site's script, picture or frame reads something here. It would not get to see the answer, and yet costs it:
 * who works on this machine needs no cookie. Links on other sites, and what is not a browser, are let through.
 */
export function isAskedElsewhere({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': shownIn } = headers;
  const isElsewhere = site === 'cross-site' || site === 'same-site';
  const isOpened = mode === 'navigate' && (shownIn === undefined || shownIn === 'document');
  return isElsewhere && !isOpened && (method === 'GET' || method === 'HEAD');
}

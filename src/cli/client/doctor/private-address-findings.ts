import type { GitFacts } from '../../../providers/facts.js';
import { type Remark, warn } from '../../../server/api/findings/finding.js';
import { isPrivateHost } from '../hooks/hook-address.js';

/** Warns of a receiver's address that the provider sends nothing to unless its administrator allows it; `''` if none is known. */
export function privateFindings(address: string, { privateReceivers }: Pick<GitFacts, 'privateReceivers'>): Remark[] {
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  if (!privateReceivers || host === '' || !isPrivateHost(host)) return [];
  return [warn(`${host} is a private address, to which its server sends nothing by default`, privateReceivers)];
}

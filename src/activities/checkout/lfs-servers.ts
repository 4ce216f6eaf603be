import { pathToFileURL } from 'node:url';
import { holdsCredentials } from '../../secrets/address-credentials.js';
import { refused } from '../failures.js';
import { type GitCall, git } from '../git/git.js';
import type { GitRemote } from '../git/remote.js';
import { readAddress } from './address.js';

/** Who may be asked for what Git LFS keeps. */
export interface LfsServers {
  /** Whose servers are asked: for what the first does not have, the next. */
  readonly remotes: readonly [GitRemote, ...GitRemote[]];
  /** Whose `.lfsconfig` may name another server: a folder and a revision in it. Undefined where a stranger may have written it. */
  readonly configOf: { readonly repository: string; readonly revision: string } | undefined;
}

/** A server of Git LFS, and whose credentials count on its host. */
export interface LfsServer {
  readonly url: string;
  readonly remote: GitRemote;
}

/**
 * Returns where Git LFS is asked, and with whose credentials: the https server that `.lfsconfig` names, or each remote's own. Throws `Refused` for
 * another address.
 */
export async function serversOf({ signal }: GitCall, { remotes, configOf }: LfsServers): Promise<readonly LfsServer[]> {
  const named = async (name: string) => {
    if (!configOf) return '';
    const call = { cwd: configOf.repository, signal };
    return (await git(call, 'config', '--blob', `${configOf.revision}:.lfsconfig`, '--get', name)).stdout.trim();
  };
  // In git-lfs' order.
  const other = (await named('lfs.url')) || (await named('remote.origin.lfsurl'));
  const [remote] = remotes;
  if (other === '') return remotes.map((each) => ({ remote: each, url: ownServer(each) }));
  const address = readAddress(other);
  if (address?.kind === 'http' && (address.url.startsWith('https:') || remote.url.startsWith('http:')))
    return [{ remote, url: address.url }];
  const shown = holdsCredentials(other) ? 'an address that holds credentials' : JSON.stringify(other.slice(0, 200));
  throw refused(`.lfsconfig names ${shown} as the LFS server: it must be an https address without a password`);
}

function ownServer({ url }: GitRemote): string {
  const own = readAddress(url);
  if (own?.kind === 'http') return `${own.url.replace(/\/+$/, '').replace(/\.git$/, '')}.git/info/lfs`;
  return own?.kind === 'file' ? pathToFileURL(own.path).href : url;
}

import type { GitFacts } from '../facts.js';

const WEB = 'dev.azure.com';
/** Of the time when each organisation had a host of its own. */
const OLD = '.visualstudio.com';
const SSH_HOSTS = ['ssh.dev.azure.com', 'vs-ssh.visualstudio.com'];
/** Stand before a repository's name; the last two ask for a part of it. */
const BEFORE_NAME = ['_git', '_ssh', '_full', '_optimized'];

/**
 * Returns `project/name` of a repository by its address for ssh, at the older host of its organisation, or by any of those of a
 * server of one's own. Source: https://learn.microsoft.com/azure/devops/repos/git/use-ssh-keys-to-authenticate
 */
export const alsoAt: NonNullable<GitFacts['alsoAt']> = ({ hostname, path }, url) => {
  const own = new URL(url);
  const organisation = organisationOf(own);
  const parts = path.split('/').map(decoded);
  if (organisation === undefined) return hostname === own.hostname ? nameBelow(partsOf(own), parts) : undefined;
  if (SSH_HOSTS.includes(hostname)) return nameBelow(['v3', organisation], parts);
  if (hostname === WEB) return nameBelow([organisation], parts);
  if (hostname !== `${organisation.toLowerCase()}${OLD}`) return undefined;
  return nameBelow(['DefaultCollection'], parts) ?? nameBelow([], parts);
};

/** Returns the organisation of the service that a source is; undefined for a server of one's own. */
function organisationOf(url: URL): string | undefined {
  if (url.hostname === WEB) return partsOf(url)[0];
  return url.hostname.endsWith(OLD) ? url.hostname.slice(0, -OLD.length) : undefined;
}

function partsOf({ pathname }: URL): string[] {
  return pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
}

/** Returns what is called `project/_git/name` below there, or `_git/name` where the project has the name of its repository. */
function nameBelow(above: readonly string[], parts: readonly string[]): string | undefined {
  if (above.some((part, i) => part.toLowerCase() !== parts[i]?.toLowerCase())) return undefined;
  const below = parts.slice(above.length);
  const names = below.filter((part) => !BEFORE_NAME.includes(part));
  const [project = '', name = below.length > 1 ? project : ''] = names;
  return names.length > 2 || name === '' || `${project}${name}`.includes('/') ? undefined : `${project}/${name}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

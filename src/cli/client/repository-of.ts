/**
 * Returns the repository that a remote's URL names, as deliveries name it: `owner/name`, at GitLab `group/…/name`, at Azure
 * DevOps `project/name`. `web`: the source's web address, whose path is taken off; `kind`: the source's. Undefined for a URL that
 * names none.
 */
export function repositoryOfRemote(remote: string, web: string | undefined, kind?: string): string | undefined {
  const path = pathOf(remote);
  if (path === undefined) return undefined;
  const base = web === undefined ? [] : partsOf(new URL(web).pathname);
  const all = partsOf(path.replace(/\/+$/, '').replace(/\.git$/, ''));
  // Addresses over ssh do not have it: there, a group is called so. Azure DevOps has it in all of its own.
  const mayHave = /^https?:/i.test(remote) || all.includes('_git');
  const isBelow = mayHave && base.every((part, i) => part.toLowerCase() === all[i]?.toLowerCase());
  const parts = isBelow ? all.slice(base.length) : all;
  const azure = parts.indexOf('_git');
  const name = azure < 0 ? undefined : parts[azure + 1];
  // A project that is called as its repository is left out.
  if (name !== undefined) return `${parts[azure - 1] ?? name}/${name}`;
  // Over ssh, Azure DevOps has v3/<organisation>/<project>/<name>, and Bitbucket Data Center over https scm/<project>/<name>.
  if (parts[0] === 'v3' && parts.length === 4) return parts.slice(2).join('/');
  const named = parts[0] === 'scm' && parts.length > 2 ? parts.slice(1) : parts;
  const isLocal = remote.startsWith('file:') || remote.startsWith('/') || remote.startsWith('.');
  const short = isLocal ? named.slice(-2) : named;
  if (short.length < 2) return undefined;
  return (kind === 'bitbucket-data-center' ? withKey(short) : short).join('/');
}

/** Returns the parts of a name with the project's key in capitals, as deliveries have it: addresses mostly have it in small letters. */
function withKey([key = '', ...name]: readonly string[]): string[] {
  return [key.startsWith('~') ? key : key.toUpperCase(), ...name];
}

function pathOf(remote: string): string | undefined {
  if (URL.canParse(remote) && /^[a-z+]+:\/\//i.test(remote)) return new URL(remote).pathname;
  // git@host:owner/name.git
  const scp = /^[^/\s:]+:(?!\/\/)(.+)$/.exec(remote)?.[1];
  return scp ?? (remote.includes('/') ? remote : undefined);
}

function partsOf(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Returns whether two names, `owner/name`, are those of one repository. */
export function isSameRepository(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Returns whether a URL to clone, of any host and form, names a repository. */
export function leadsTo(repository: string, url: string): boolean {
  const at = url
    .toLowerCase()
    .replace('/_git/', '/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  const name = repository.toLowerCase();
  return [name, encodeURI(name)].some((one) => at.endsWith(`/${one}`) || at.endsWith(`:${one}`));
}

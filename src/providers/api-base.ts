/**
 * Returns the base of an API without a slash at its end. `path` is what the API has below the address of the product's
 * pages, `/api/v4` for example: it is added unless the address has it already, so either may be configured.
 */
export function apiBase(address: string, path: string): string {
  const base = withoutSlash(address);
  const pages = base.toLowerCase().endsWith(path) ? withoutSlash(base.slice(0, -path.length)) : base;
  return `${pages}${path}`;
}

/** Returns an address without slashes at its end. */
export function withoutSlash(address: string): string {
  return address.replace(/\/+$/, '');
}

import type { CheckoutOptions, HostToken } from '../../activities/contract/index.js';

const TOGGLES = ['lfs', 'credentials', 'merge'] as const;
const NAMES: readonly string[] = [
  'depth',
  'submodules',
  'submoduleOwners',
  'submoduleTokens',
  ...TOGGLES,
] satisfies (keyof CheckoutOptions)[];
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/;

/** Throws for what is no option of a checkout, or has a value that means nothing: authors' code need not be type-checked. */
export function checkCheckoutOptions(options: CheckoutOptions): void {
  const wrong = problemOf(options);
  if (wrong !== undefined) throw new Error(`runJob(): ${wrong}`);
}

function problemOf(options: CheckoutOptions): string | undefined {
  if (typeof options !== 'object' || options === null) return `"checkout" must be an object, not ${shown(options)}`;
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) return `"checkout" has no option ${shown(unknown)}; it has ${NAMES.join(', ')}`;
  const { depth, submodules, submoduleOwners = [], submoduleTokens = {} } = options;
  if (depth !== undefined && !(Number.isSafeInteger(depth) && depth >= 0))
    return `"checkout.depth" must be a whole number of commits, or 0 for all, not ${shown(depth)}`;
  if (submodules !== undefined && submodules !== 'recursive' && typeof submodules !== 'boolean')
    return `"checkout.submodules" must be true, false or 'recursive', not ${shown(submodules)}`;
  const owners: unknown = submoduleOwners;
  if (!Array.isArray(owners) || !owners.every((owner) => typeof owner === 'string' && /^[^/\s]+$/.test(owner)))
    return `"checkout.submoduleOwners" must be a list of owners, ["acme"], or ["*"] for all, not ${shown(owners)}`;
  for (const name of TOGGLES) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== 'boolean')
      return `"checkout.${name}" must be true or false, not ${shown(value)}`;
  }
  const host = Object.keys(submoduleTokens).find((name) => !HOST.test(name));
  if (host !== undefined)
    return `"checkout.submoduleTokens" is by host, "git.example.com" or "git.example.com:8443", not ${shown(host)}`;
  const bare = Object.entries(submoduleTokens).find(
    ([, value]) => !isNamed(value) && !isNamed((value as Partial<HostToken>)?.token),
  );
  // Not its value: it may be a token.
  if (bare) return `"checkout.submoduleTokens" needs secret('name') for ${shown(bare[0])}, never the token itself`;
  return undefined;
}

function isNamed(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'secret' in value && typeof value.secret === 'string';
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

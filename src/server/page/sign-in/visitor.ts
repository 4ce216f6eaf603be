/** What somebody may do: look, or change things too. */
export type Role = 'viewer' | 'operator';

/** Who looks at the page, and how they are known: on this machine, by the API token, by a proxy's header, or by OpenID Connect. */
export interface Visitor {
  readonly who: string;
  readonly role: Role;
  readonly how: 'here' | 'token' | 'proxy' | 'oidc';
  /** What an OpenID Connect provider calls them, whatever they call themselves: `sub`. */
  readonly subject?: string;
}

/** Who has which role, by the names that a way to sign in tells. */
export interface Roles {
  readonly operators: readonly string[];
  readonly viewers: readonly string[];
}

/** In characters: of a name that is recorded. */
export const MAX_WHO = 100;

/**
 * Returns the highest role that one of the names has, or that everybody has who is let in, by whatever name; undefined if there is none.
 * Names are compared as they are.
 */
export function roleOf(names: readonly string[], { operators, viewers }: Roles): Role | undefined {
  const isIn = (list: readonly string[]) => list.some((one) => one === '*' || names.includes(one));
  if (isIn(operators)) return 'operator';
  return isIn(viewers) ? 'viewer' : undefined;
}

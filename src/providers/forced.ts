/**
 * Returns an event's `forced`: what the provider says of it, and nothing where it says nothing. A new branch has nothing
 * that could be thrown away.
 */
export function forcedOf(created: boolean, told?: boolean | null): { forced?: boolean } {
  if (created) return { forced: told === true };
  return typeof told === 'boolean' ? { forced: told } : {};
}

import { repositoryOf } from '../../events/accessors.js';
import type { Inbox } from '../../store/store.js';

/** Deliveries whose spelling is looked at. */
const LOOKED_AT = 3;

/**
 * Returns how a repository's name may be spelled where it is compared letter by letter: as it was asked for, and as its last deliveries
 * have it. Providers take names in any case, and Temporal does not.
 */
export async function repositorySpellings(inbox: Pick<Inbox, 'list'>, name: string): Promise<readonly string[]> {
  const last = await inbox.list({ repository: name, limit: LOOKED_AT });
  const names = last.flatMap(({ events }) => events.map((event) => repositoryOf(event)?.fullName ?? ''));
  return [...new Set([name, ...names.filter((one) => one.toLowerCase() === name.toLowerCase())])];
}

import { z } from 'zod';

/** The collection of what is known of repositories: one record for all of a source. Stored: the name stays. */
export const KNOWN_REPOSITORIES = 'hookyard.repositories';

const byName = z.record(z.string(), z.unknown());
const schema = z.looseObject({ names: byName, ids: byName.default({}) });

/** Returns what such a record holds of the other repositories; undefined for what has another form. */
export function withoutRepository(data: unknown, repository: string): object | undefined {
  const known = schema.safeParse(data).data;
  if (!known) return undefined;
  const others = (named: object) => Object.fromEntries(Object.entries(named).filter(([name]) => name !== repository));
  return { ...known, names: others(known.names), ids: others(known.ids) };
}

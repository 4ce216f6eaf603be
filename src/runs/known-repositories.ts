import { z } from 'zod';
import { isSameRepository } from '../events/repository-name.js';

/** The collection of what is known of repositories: one record for all of a source. Stored: the name stays. */
export const KNOWN_REPOSITORIES = 'hookyard.repositories';

const byName = z.record(z.string(), z.unknown());
const schema = z.looseObject({ names: byName, ids: byName.default({}) });

/** Returns the names that such a record holds; none of what has another form. */
export function repositoriesIn(data: unknown): readonly string[] {
  const known = schema.safeParse(data).data;
  return known ? [...Object.keys(known.names), ...Object.keys(known.ids)] : [];
}

/** Returns what such a record holds of the other repositories; undefined for what has another form. */
export function withoutRepository(data: unknown, repository: string): object | undefined {
  const known = schema.safeParse(data).data;
  if (!known) return undefined;
  const others = (named: object) =>
    Object.fromEntries(Object.entries(named).filter(([name]) => !isSameRepository(name, repository)));
  return { ...known, names: others(known.names), ids: others(known.ids) };
}

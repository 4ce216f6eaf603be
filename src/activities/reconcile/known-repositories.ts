import { z } from 'zod';
import { KNOWN_REPOSITORIES } from '../../runs/known-repositories.js';
import type { RecordStore } from '../../store/store.js';
import { putRecord } from './put-record.js';

/** Names with their ids, those that are no longer used among them. */
const MAX_NAMES = 2_000;

/** `at`: when this was read; `names`: when each repository was last seen; `ids`: the id of each name, and since when. Unix ms. */
const knownSchema = z.object({
  at: z.number(),
  names: z.record(z.string(), z.number()),
  /** Versions that did not look for renamed repositories wrote none. */
  ids: z.record(z.string(), z.object({ id: z.string(), at: z.number() })).default({}),
});

/** What is known of a source's repositories: they are renamed and transferred, and keep their ids. */
export interface KnownRepositories {
  /** When deliveries were read last. Unix ms. */
  readonly at: number;
  /** When a delivery last told of each, by its full name. Unix ms. */
  readonly names: ReadonlyMap<string, number>;
  /** The provider's id of each, also by names that it had before, and when it last was called so. Unix ms. */
  readonly ids: ReadonlyMap<string, { readonly id: string; readonly at: number }>;
}

/** Returns what is stored of a source's repositories; undefined when nothing is. */
export async function readKnown(records: RecordStore, source: string): Promise<KnownRepositories | undefined> {
  const read = knownSchema.safeParse((await records.get(KNOWN_REPOSITORIES, source))?.data).data;
  return read && { at: read.at, names: new Map(Object.entries(read.names)), ids: new Map(Object.entries(read.ids)) };
}

/** Stores what is known of a source's repositories in place of what was stored before. */
export async function writeKnown(
  records: RecordStore,
  source: string,
  { at, names, ids }: KnownRepositories,
): Promise<void> {
  const newest = [...ids].sort(([, a], [, b]) => b.at - a.at).slice(0, MAX_NAMES);
  const data = { at, names: Object.fromEntries(names), ids: Object.fromEntries(newest) };
  await putRecord(records, { collection: KNOWN_REPOSITORIES, key: source, data });
}

/** Returns the newest name of a repository that had this name once; the same name if no other is known. */
export function presentName(known: Pick<KnownRepositories, 'ids'> | undefined, name: string): string {
  const called = known?.ids.get(name);
  let newest = { name, at: called?.at ?? 0 };
  for (const [other, { id, at }] of known?.ids ?? [])
    if (id === called?.id && at > newest.at) newest = { name: other, at };
  return newest.name;
}

/** Returns all names of the repository that has this name or had it once, that name first. */
export function allNames(known: Pick<KnownRepositories, 'ids'> | undefined, name: string): string[] {
  const id = known?.ids.get(name)?.id;
  const others = [...(known?.ids ?? [])].filter(([other, one]) => one.id === id && other !== name);
  return [name, ...others.map(([other]) => other)];
}

/**
 * Stores that the repository with this id is called `name` now. `before`: what it was called when it was asked for. One
 * that deliveries told of goes on to be one of those, under the new name.
 */
export async function noteName(
  records: RecordStore,
  source: string,
  { id, name, before }: { id: string; name: string; before: string },
): Promise<void> {
  const now = Date.now();
  const known = (await readKnown(records, source)) ?? { at: 0, names: new Map(), ids: new Map() };
  const ids = new Map(known.ids).set(name, { id, at: now });
  if (before !== name) ids.set(before, { id, at: Math.min(known.ids.get(before)?.at ?? now, now - 1) });
  const names = new Map(known.names);
  const seen = names.get(before);
  if (before !== name && seen !== undefined) {
    names.delete(before);
    names.set(name, Math.max(seen, names.get(name) ?? 0));
  }
  await writeKnown(records, source, { ...known, names, ids });
}

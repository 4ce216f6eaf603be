import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { checkedRef } from './names.js';

/** What of a repository is wanted beside a commit: all of its tags, and some branches. */
export interface RefsBeside {
  /** `refs/heads/…` */
  readonly branches: readonly string[];
  /** They are fetched if they were not since then. Unix ms. */
  readonly since: number;
}

/** In a mirror's folder: when each ref was last asked for. */
const FETCHED = 'hookyard-fetched.json';
/** Mirrors of repositories with many short-lived branches: the oldest are forgotten, and asked for again. */
const MAX_NOTED = 200;
const TAGS = 'refs/tags/*';

const fetchedSchema = z.record(z.string(), z.number());

/** Returns the refs that a mirror has not asked for since then; `refs/tags/*` stands for all tags. */
export async function staleRefs(mirror: string, beside: RefsBeside | undefined): Promise<string[]> {
  if (!beside) return [];
  const fetched = await readFetched(mirror);
  const wanted = new Set([TAGS, ...beside.branches.map(checkedRef)]);
  return [...wanted].filter((ref) => (fetched[ref] ?? 0) < beside.since);
}

/** Returns how git is asked for refs, to be kept under the same names. */
export function refspecsOf(refs: readonly string[]): string[] {
  return refs.map((ref) => `+${ref}:${ref}`);
}

/** Notes when refs were asked for: before the answer came, in Unix ms. */
export async function noteFetched(mirror: string, refs: readonly string[], at: number): Promise<void> {
  const all = { ...(await readFetched(mirror)), ...Object.fromEntries(refs.map((ref) => [ref, at])) };
  const newest = Object.entries(all)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_NOTED);
  const path = join(mirror, FETCHED);
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, JSON.stringify(Object.fromEntries(newest)));
  await rename(beside, path);
}

/** Returns whether git says, in the words of `LC_ALL=C`, that the remote does not have a ref. */
export function isMissing(said: string): boolean {
  return /couldn't find remote ref/.test(said);
}

async function readFetched(mirror: string): Promise<Readonly<Record<string, number>>> {
  const text = await readFile(join(mirror, FETCHED), 'utf8').catch(() => '{}');
  return fetchedSchema.catch({}).parse(parsed(text));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

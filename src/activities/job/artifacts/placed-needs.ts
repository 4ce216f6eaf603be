import { hashOf } from '../../../runs/hash.js';
import type { ArtifactWanted } from '../../contract/index.js';
import type { ArtifactBook } from './artifact-book.js';
import { findNeeded } from './find-needed.js';

/** What a job has in its checkout that others have kept. Stored: names of fields stay. */
export interface PlacedNeeds {
  /** Of what its author has written as `needs` (`runs/hash.ts`). */
  readonly needs: string;
  /** SHA-256 of what each artifact held, in their order. */
  readonly contents: readonly string[];
  /** A stranger's code may have made some of it. */
  readonly strangers?: true | undefined;
}

/** What would be placed now. */
export interface NeedsNow extends Pick<PlacedNeeds, 'needs'> {
  /** Undefined of an artifact that is not there, or no more: a workspace that has it can do without. */
  readonly contents: readonly (string | undefined)[];
}

/** Returns the mark of what a job needs, by which it is seen that it has changed. */
export function markOfNeeds(needed: readonly ArtifactWanted[] | undefined): string {
  return hashOf(needed ?? []);
}

/** Returns what a job would find now, whoever may have it. `run`: its own, by workflow id. */
export async function needsNow(
  book: Pick<ArtifactBook, 'find'>,
  { needed = [], run }: { readonly needed: readonly ArtifactWanted[] | undefined; readonly run: string },
): Promise<NeedsNow> {
  const contents = needed.map(async (one) => (await findNeeded(book, one, run))?.hash);
  return { needs: markOfNeeds(needed), contents: await Promise.all(contents) };
}

/** Returns which artifact, by its place, is another one now; undefined where none is known to be. */
export function whichChanged(before: readonly string[], now: NeedsNow['contents']): number | undefined {
  const at = now.findIndex((content, i) => content !== undefined && content !== before[i]);
  return at < 0 ? undefined : at;
}

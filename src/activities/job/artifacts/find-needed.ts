import type { Artifact } from '../../../runs/artifact-records.js';
import type { ArtifactWanted } from '../../contract/index.js';
import type { ArtifactBook } from './artifact-book.js';

/** Returns what an artifact that is needed may be called, the best first. */
export function namesOf({ name, cellNames = [] }: ArtifactWanted): readonly string[] {
  return [...cellNames, name];
}

/** Returns the artifact that is meant, whosever it is; undefined where there is none, or none any more. `run`: the job's own, by workflow id. */
export async function findNeeded(
  book: Pick<ArtifactBook, 'find'>,
  needed: ArtifactWanted,
  run: string,
): Promise<Artifact | undefined> {
  for (const name of namesOf(needed)) {
    const found = await book.find(needed.run ?? run, name);
    if (found) return found;
  }
  return undefined;
}

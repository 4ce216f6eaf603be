/** How many paths are in memory at once, and of how many characters together. */
export interface MostPaths {
  readonly count: number;
  readonly characters: number;
}

/**
 * Of a workspace, or an archive: a step may make millions of files, and each may lie below folders of 4,000 characters. A million in memory
 * take some hundred MB, and so do characters of 100 MB.
 */
export const MOST_PATHS: MostPaths = { count: 1_000_000, characters: 100_000_000 };

/** Of a commit: those of large repositories have a million files. */
export const MOST_TRACKED: MostPaths = { count: 2_000_000, characters: 200_000_000 };

/** Counts paths that are in memory at once. */
export interface PathCount {
  /** Counts one. Returns why it is one too many, in words; undefined for one that is not. `length`: of the path, in characters. */
  add(length: number): string | undefined;
}

/** Returns what counts paths up to a bound. */
export function createPathCount(most = MOST_PATHS): PathCount {
  let [count, characters] = [0, 0];
  return {
    add(length) {
      count += 1;
      characters += length;
      if (count > most.count) return `there are more than ${most.count} files: too many to look at`;
      if (characters > most.characters)
        return `the paths of the files have more than ${most.characters} characters together: too many to look at`;
      return undefined;
    },
  };
}

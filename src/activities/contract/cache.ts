/** What a job keeps for later ones, and finds by a key. */
export interface CacheOptions {
  /**
   * Names what is kept: a text, or texts and `hashFiles('package-lock.json')`, joined by `-`. What is kept under a key stays as it is:
   * a key has to change with what is kept.
   */
  readonly key: string | readonly (string | HashedFiles)[];
  /** Files and folders below the checkout, `node_modules`, or below the steps' home, `~/.npm`. */
  readonly paths: readonly string[];
  /** Beginnings of other keys, the best first: without the key itself, the newest that begins so is restored. */
  readonly restoreKeys?: readonly string[];
  /**
   * `read`: nothing is saved; `write`: nothing is restored. Default `read-write`, and neither of both for releases and tags: what they
   * publish is built anew. Code that may be a stranger's never saves.
   */
  readonly mode?: 'read' | 'write' | 'read-write';
}

/** Stands for the hash of what the files of the checkout hold that globs match. */
export interface HashedFiles {
  readonly hashFiles: readonly string[];
}

/** A cache, as a host is told of it. */
export interface CacheAsked extends Omit<CacheOptions, 'key'> {
  readonly key: readonly (string | HashedFiles)[];
}

/** What became of a job's cache. */
export interface CacheResult {
  /** With the hashes in it; absent where it could not be found out. */
  readonly key?: string;
  /** `exact`: it was restored under its key; `older`: under one that begins as `restoreKeys` say. */
  readonly hit: 'exact' | 'older' | 'none';
  /** What was put into the workspace. */
  readonly restored?: CacheMoved & { readonly key: string };
  /** What was kept when the job had passed. */
  readonly saved?: CacheMoved;
  /** Why nothing was restored or saved, in words. */
  readonly because?: string;
}

/** How much was moved, packed, and how long that took. */
export interface CacheMoved {
  readonly bytes: number;
  readonly durationMs: number;
}

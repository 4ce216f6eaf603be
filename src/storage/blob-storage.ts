/**
 * Keeps files under the SHA-256 of their content. Where it lies is its own matter: in a folder of this machine, or with a service that
 * all machines reach. Its calls throw what keeps it from doing them: whoever asks can go on without.
 */
export interface BlobStorage {
  /** Returns what tells it from all others: what one holds, another does not. */
  place(): Promise<string>;
  /** Makes an empty folder of this machine, for a file that is to be kept. */
  scratch(): Promise<Scratch>;
  /** Takes over a file of a scratch folder, and returns what it is found by. What is there already is not kept twice. */
  put(file: string, signal: AbortSignal): Promise<Blob>;
  /**
   * Hands a blob to `use` as a file of this machine, once its content is known to be what was put in; it counts as used then. Returns
   * undefined where there is none. Throws {@link DamagedBlobError} where it is something else: a cache is removed then.
   */
  use<T>(hash: string, how: UseBlob<T>): Promise<T | undefined>;
  /** Removes a blob, if it is there and was not put in or used since a time. */
  remove(hash: string, how?: RemoveBlob): Promise<void>;
  /** Returns all that it holds. */
  list(signal?: AbortSignal): Promise<readonly StoredBlob[]>;
  /** Removes what was left half-way. */
  tidy(): Promise<void>;
}

/** A folder for what is being made. */
export interface Scratch {
  readonly folder: string;
  /** Removes it. Never rejects: what stays is tidied up. */
  remove(): Promise<void>;
}

/** What is kept. */
export interface Blob {
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  readonly bytes: number;
}

/** A blob, and when it was put in or used last, in Unix ms. */
export interface StoredBlob extends Blob {
  readonly usedAt: number;
}

/** What is done with a blob. */
export interface UseBlob<T> {
  /** How many bytes it has, where that is known: of what is larger no more than that is fetched. */
  readonly bytes?: number;
  readonly use: (file: string) => Promise<T>;
  readonly signal: AbortSignal;
}

/** Which blob is removed. */
export interface RemoveBlob {
  /** Unix ms: one that was put in or used later stays. */
  readonly usedBefore?: number;
  readonly signal?: AbortSignal;
}

/** Says that a blob is not what was put in. */
export class DamagedBlobError extends Error {
  override readonly name = 'DamagedBlobError';

  constructor({ isRemoved }: { readonly isRemoved: boolean }) {
    super(`what is kept is damaged${isRemoved ? ', and is removed' : ''}`);
  }
}

/** Returns whether a text can be a blob's hash: it becomes a part of a path. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** Whether the author's function runs. `event` is what it gets. */
export type GateAnswer<E> = { readonly admitted: true; readonly event: E } | Refused;

/** Why the author's function is not called. */
export interface Refused {
  readonly admitted: false;
  readonly because: string;
  /** A filter refused: there was nothing to do, and a merge that waits for its checks may go ahead. */
  readonly filtered: boolean;
}

/** Returns why a function is not called. `filtered`: see {@link Refused}. */
export function refused(because: string, filtered: boolean): Refused {
  return { admitted: false, because, filtered };
}

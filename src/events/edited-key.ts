const EDITED = 'edited/';

/** Returns the key of a delivery that somebody has made by editing another one. `once`: the same again is the same delivery. */
export function editedKey(from: string, once: string): string {
  return `${EDITED}${from}/${once}`;
}

/** Returns whether somebody has made a delivery by editing another one: nobody sent it, and nothing follows from it for what was sent. */
export function isEdited(delivery: { readonly key: string }): boolean {
  return delivery.key.startsWith(EDITED);
}

/** What {@link editedKey} makes, in the workflow id of a run: its automation, and its source or the run before it, stand in front. */
const IN_RUN = new RegExp(`^[^/]+/(?:[^/]+/)+${EDITED}d[0-9a-f]{24}/[\\w-]{8,64}(?:/|$)`);

/**
 * Returns whether a run is of a delivery that somebody has made by editing another one, or follows such a run in a chain: it tells
 * nothing of the branch that it names. `run`: its workflow id, which no sender can spell so.
 */
export function isEditedRun({ run }: { readonly run: string }): boolean {
  return IN_RUN.test(run);
}

const EDITED = 'edited/';

/** Returns the key of a delivery that somebody has made by editing another one. `once`: the same again is the same delivery. */
export function editedKey(from: string, once: string): string {
  return `${EDITED}${from}/${once}`;
}

/** Returns whether somebody has made a delivery by editing another one: nobody sent it, and nothing follows from it for what was sent. */
export function isEdited(delivery: { readonly key: string }): boolean {
  return delivery.key.startsWith(EDITED);
}

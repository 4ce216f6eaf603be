/**
 * Returns the ids of the user that the worker runs as. It may have no name, as in a container that is run under any number, and
 * then Node's `userInfo` throws. Where the system has no such ids, there is no sandbox either.
 */
export function ownIds(): { readonly uid: number; readonly gid: number } {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}

/**
 * Returns a text as a visibility query of Temporal holds it: quoted, whatever is in it. On SQLite Temporal finds nothing by a
 * text with a double quote or a backslash.
 */
export function queryText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** The condition that leaves out the earlier parts of runs that have continued as new: the last part is the run. */
export const NOT_CONTINUED = `ExecutionStatus != 'ContinuedAsNew'`;

/**
 * Returns a text as a visibility query of Temporal holds it: quoted, whatever is in it. On SQLite Temporal finds nothing by a
 * text with a double quote or a backslash.
 */
export function queryText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** The condition that leaves out the earlier parts of runs that have continued as new: the last part is the run. */
export const NOT_CONTINUED = `ExecutionStatus != 'ContinuedAsNew'`;

/**
 * Returns the condition that leaves the runs of a task queue. Temporal itself asks for runs of no division, which those of users never have:
 * on SQLite it then looks through all runs of the namespace, with the index on that. Said in this way, it takes the one on task queues.
 */
export function ofTaskQueue(taskQueue: string): string {
  return `TaskQueue = ${queryText(taskQueue)} AND (TemporalNamespaceDivision IS NULL OR TemporalNamespaceDivision = '')`;
}

/** The columns of an open wait `w`, in SQL, as a look reads it. */
export const OPEN_COLUMNS = `w.id, w.workflow_id AS "workflowId", w.ends, w.about, w.triggers, w.seen, w.until`;

/** The columns of an open wait `w`, in SQL, as people see it. */
export const RECORD_COLUMNS = `w.id, w.workflow_id AS "workflowId", w.title, w.triggers, w.ends, w.since, w.until`;

/** Returns the id of the signal that gives a wait its event: one-time. */
export function waitSignalId(wait: string): string {
  return `wait/${wait}`;
}

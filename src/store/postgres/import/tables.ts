/** A table of a SQLite file whose rows go into the table `hookyard_<name>` of a database. */
export interface CopiedTable {
  readonly name: string;
  /** The columns of its primary key, in whose order rows are read: what points to others comes after them. */
  readonly key: readonly string[];
  /** Whether the database counts the key up by itself. */
  readonly counts: boolean;
}

/** Every table of a SQLite store, in an order in which what is pointed to comes first. */
export const COPIED: readonly CopiedTable[] = [
  { name: 'deliveries', key: ['seq'], counts: true },
  { name: 'bodies', key: ['delivery'], counts: false },
  { name: 'dispatches', key: ['seq'], counts: true },
  { name: 'lanes', key: ['seq'], counts: true },
  { name: 'lane_entries', key: ['arrived'], counts: true },
  { name: 'waits', key: ['seq'], counts: true },
  { name: 'log_jobs', key: ['seq'], counts: true },
  { name: 'log_lines', key: ['job', 'number'], counts: false },
  { name: 'records', key: ['seq'], counts: true },
  { name: 'outbound_attempts', key: ['seq'], counts: true },
];

/** Returns the name of a table in the database. */
export function nameOf({ name }: Pick<CopiedTable, 'name'>): string {
  return `hookyard_${name}`;
}

import type { Bindable, Connection } from '../../sqlite/connection.js';
import type { CopiedTable } from './tables.js';

/** A value of a row: a body is bytes. */
export type Cell = string | number | Buffer | null;

/** Rows that are copied together, each with the cells of {@link SourceTable.columns}. */
export type Rows = readonly (readonly Cell[])[];

/** A table of a SQLite file, as the database is to have it. */
export interface SourceTable {
  /** Names of the database's columns. */
  readonly columns: readonly string[];
  readonly count: number;
  /** The last number that the file has given, also to a row that is gone; undefined where it does not keep that. */
  readonly lastNumber: number | undefined;
  /** Reads all rows in order, some at a time. */
  batches(): Generator<Rows>;
}

/** What is in memory at once. A single row may be larger: a body has up to 25 MB. */
const BATCH = { rows: 1_000, bytes: 8 * 1024 * 1024 };

/** Reads a table. A record's version is one column in the file and two in the database, a number's and a text's. */
export function readTable(connection: Connection, { name, key }: CopiedTable): SourceTable {
  const own = connection.rows<{ name: string }>(`SELECT name FROM pragma_table_info('${name}')`).map((row) => row.name);
  const isVersion = (column: string) => name === 'records' && column === 'version';
  const size = own.map((column) => `coalesce(octet_length("${column}"), 0)`).join(' + ');
  const order = key.join(', ');
  const places = key.map(() => '?').join(', ');
  return {
    columns: own.flatMap((column) => (isVersion(column) ? ['version_number', 'version_text'] : [column])),
    count: connection.rows<{ n: number }>(`SELECT count(*) AS n FROM ${name}`)[0]?.n ?? 0,
    lastNumber: connection.rows<{ seq: number }>('SELECT seq FROM sqlite_sequence WHERE name = ?', name)[0]?.seq,
    *batches() {
      // Before the first: keys count up from 1, and lines of a job do too.
      let after: Bindable[] = key.map(() => Number.MIN_SAFE_INTEGER);
      for (;;) {
        const sizes = connection.rows<Record<string, number>>(
          `SELECT ${order}, ${size} AS bytes FROM ${name} WHERE (${order}) > (${places}) ORDER BY ${order} LIMIT ${BATCH.rows}`,
          ...after,
        );
        const last = sizes[withinBatch(sizes.map(({ bytes }) => bytes ?? 0)) - 1];
        if (!last) return;
        const until = key.map((column) => last[column]);
        const rows = connection.rows<Record<string, Cell | ArrayBuffer>>(
          `SELECT * FROM ${name} WHERE (${order}) > (${places}) AND (${order}) <= (${places}) ORDER BY ${order}`,
          ...after,
          ...until,
        );
        yield rows.map((row) =>
          own.flatMap((column) => (isVersion(column) ? versionOf(row[column]) : [cellOf(row[column])])),
        );
        after = until;
      }
    },
  };
}

/** How many of the first rows go together: one at least. */
function withinBatch(sizes: readonly number[]): number {
  let bytes = 0;
  const end = sizes.findIndex((size, index) => {
    bytes += size;
    return index > 0 && bytes > BATCH.bytes;
  });
  return end < 0 ? sizes.length : end;
}

function cellOf(value: Cell | ArrayBuffer | undefined): Cell {
  return value instanceof ArrayBuffer ? Buffer.from(value) : (value ?? null);
}

function versionOf(version: Cell | ArrayBuffer | undefined): Cell[] {
  return typeof version === 'number' ? [version, null] : [null, cellOf(version)];
}

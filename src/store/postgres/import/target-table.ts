import type { Queries } from '../database.js';
import type { Value } from '../values.js';
import type { Cell, Rows } from './source-table.js';
import { type CopiedTable, nameOf } from './tables.js';

/** A table of the database that is filled from a file. */
export interface TargetTable {
  insert(rows: Rows): Promise<void>;
  /** Reads all rows back in order, some at a time, as {@link insert} took them; of bytes, their SHA-256. */
  batches(): AsyncGenerator<Rows>;
  /** Has the next row count on from those that are there, and from `last`, and the planner know how many they are. */
  settle(last: number | undefined): Promise<void>;
}

const READ_ROWS = 1_000;

/** Returns a table of the database. Throws an error if it lacks one of the columns. */
export async function openTarget(
  queries: Queries,
  table: CopiedTable,
  columns: readonly string[],
): Promise<TargetTable> {
  const name = nameOf(table);
  const types = await typesOf(queries, name);
  const typed = columns.map((column) => {
    const type = types.get(column);
    if (type === undefined) throw new Error(`The database's table ${name} has no column ${column}.`);
    return { column, type };
  });
  const list = columns.map((column) => `"${column}"`).join(', ');
  const insert = `
    INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE
    SELECT ${typed.map(({ column, type }) => (type === 'bytea' ? `decode("${column}", 'base64')` : `"${column}"`)).join(', ')}
    FROM unnest(${typed.map(({ type }, index) => `$${index + 1}::${type === 'bytea' ? 'text' : type}[]`).join(', ')})
           WITH ORDINALITY AS given (${list}, number_in_batch) ORDER BY number_in_batch`;
  const key = table.key.map((column) => `"${column}"`).join(', ');
  const read = `
    SELECT ${typed.map(({ column, type }) => (type === 'bytea' ? `encode(sha256("${column}"), 'hex') AS "${column}"` : `"${column}"`)).join(', ')}
    FROM ${name} WHERE (${key}) > (${table.key.map((_, index) => `$${index + 1}::bigint`).join(', ')})
    ORDER BY ${key} LIMIT ${READ_ROWS}`;
  return {
    async insert(rows) {
      const values: Value[] = columns.map((_, index) => rows.map((row) => sendable(row[index] ?? null)));
      await queries.rows(insert, ...values);
    },
    async *batches() {
      let after: number[] = table.key.map(() => Number.MIN_SAFE_INTEGER);
      for (;;) {
        const rows = await queries.rows<Record<string, Cell>>(read, ...after);
        const last = rows.at(-1);
        if (!last) return;
        yield rows.map((row) => columns.map((column) => row[column] ?? null));
        after = table.key.map((column) => Number(last[column]));
      }
    },
    async settle(last) {
      if (table.counts)
        await queries.rows(
          `SELECT setval(pg_get_serial_sequence('${name}', '${table.key[0]}'), greatest(max(${key}), $1::bigint)) FROM ${name}
           HAVING greatest(max(${key}), $1::bigint) > 0`,
          last,
        );
      await queries.rows(`ANALYZE ${name}`);
    },
  };
}

/** In base64, bytes travel as text of a third more; as an array of bytes they would take twice their size. */
function sendable(cell: Cell): string | number | null {
  return Buffer.isBuffer(cell) ? cell.toString('base64') : cell;
}

async function typesOf(queries: Queries, name: string): Promise<Map<string, string>> {
  const rows = await queries.rows<{ column: string; type: string }>(
    `SELECT attname AS "column", format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    name,
  );
  return new Map(rows.map(({ column, type }) => [column, type]));
}

/** Returns a number with what it counts: `1 delivery`, `1,296 deliveries`. `many`: where that is not `one` with an s. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** Returns how many rows a table of the store holds, in words. */
export function countedRows(number: number, table: string): string {
  const [one = table, many] = ROWS[table] ?? [table.replaceAll('_', ' ').replace(/s$/, '')];
  return counted(number, one, many);
}

const ROWS: Readonly<Record<string, readonly [string, string]>> = {
  lane_entries: ['lane entry', 'lane entries'],
  deliveries: ['delivery', 'deliveries'],
  bodies: ['body', 'bodies'],
  dispatches: ['start or signal', 'starts and signals'],
  log_lines: ['line of logs', 'lines of logs'],
};

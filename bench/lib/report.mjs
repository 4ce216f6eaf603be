const COLUMNS = {
  what: 'what',
  connections: 'conns',
  rate: 'per s',
  p50: 'p50 ms',
  p99: 'p99 ms',
  cpuMs: 'CPU ms each',
  rssMb: 'MB',
  note: 'note',
};

/** The results for a person: what was asked about first, then what it was computed from. */
export function inWords({ machine, versions, commit, quick, bodyBytes, targets, rows }) {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    targetsInWords(targets),
    '',
    table(
      Object.values(COLUMNS),
      rows.map((row) => Object.keys(COLUMNS).map((column) => shown(row[column]))),
    ),
    '',
    `${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, ${machine.system}, load ${machine.loadBefore.toFixed(1)} before; requests of ${bodyBytes} bytes`,
    `commit ${commit}; ${packages.join(', ')}`,
    ...(quick ? ['--quick: short rounds, to see that it runs; no figures to rely on'] : []),
  ].join('\n');
}

/** What was asked about, for a person. */
export function targetsInWords(targets) {
  return table(
    ['target', 'wanted', 'measured', ''],
    targets.map(({ name, wanted, value, pass }) => [
      name,
      wanted,
      shown(value),
      pass === undefined ? '' : pass ? 'pass' : 'MISS',
    ]),
  );
}

function shown(value) {
  if (typeof value !== 'number') return value ?? '';
  if (!Number.isFinite(value)) return '–';
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
}

/** Returns rows of texts as a table. */
export function table(head, rows) {
  const widths = head.map((_, n) => Math.max(...[head, ...rows].map((row) => row[n].length)));
  // Text to the left, numbers to the right.
  const line = (row) =>
    row
      .map((cell, n) => (/^[\d.–]+$/.test(cell) ? cell.padStart(widths[n]) : cell.padEnd(widths[n])))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}

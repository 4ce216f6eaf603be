import type { Outcome } from './run.js';

const HEAD = [
  '',
  'answers',
  '202',
  'p50 ms',
  'p99 ms',
  'most ms',
  'other runs',
  'completed',
  'ends',
  'named after s',
  '',
];

/** Returns the outcomes as lines of a table, for people. `ends`: how often the worker process ended. */
export function table(outcomes: readonly Outcome[]): string[] {
  const rows = [HEAD, ...outcomes.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  );
}

function rowOf({ culprit, answers, runs, completed, deaths, namedMs, problems }: Outcome): string[] {
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const quantile = (q: number) => String(Math.round(times[Math.ceil(q * times.length) - 1] ?? Number.NaN));
  return [
    culprit.what,
    String(answers.length),
    String(answers.filter(({ status }) => status === 202).length),
    ...[0.5, 0.99, 1].map(quantile),
    String(runs),
    String(completed),
    String(deaths),
    namedMs === undefined || culprit.end === 'none' ? '-' : (namedMs / 1_000).toFixed(1),
    problems.length === 0 ? 'ok' : 'failed',
  ];
}

/** Words to the left, numbers to the right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

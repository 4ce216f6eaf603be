import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { changeOf } from './survivors.mjs';

/**
 * Returns what became of an area's mutants, with a line for each that no test notices and nobody has `explained`, and for
 * each explanation of what a test notices.
 */
export function rowOf(name, { mutants, explained, ms }) {
  const counted = mutants.filter(({ status }) => status !== 'Ignored');
  const endless = counted.filter(({ status }) => status === 'Timeout').length;
  const missed = counted.filter(({ status }) => status !== 'Killed' && status !== 'Timeout');
  const noticed = counted.length - missed.length;
  const files = new Map();
  for (const { fileName } of counted) files.set(relative(process.cwd(), fileName), readFileSync(fileName, 'utf8'));
  const changes = missed.map((mutant) => {
    const file = relative(process.cwd(), mutant.fileName);
    return { ...mutant, file, change: changeOf(files.get(file), mutant) };
  });
  const isSame = (one) => (other) => one.file === other.file && one.change === other.change;
  const open = changes.filter((change) => !explained.some(isSame(change)));
  const needless = explained.filter((entry) => files.has(entry.file) && !changes.some(isSame(entry)));
  return {
    name,
    isTried: true,
    tried: counted.length,
    noticed,
    endless,
    explained: missed.length - open.length,
    open: open.length,
    untried: mutants.length - counted.length,
    score: counted.length === 0 ? 100 : (100 * noticed) / counted.length,
    ms,
    lines: [
      ...open.map(
        ({ status, file, change, location: { start } }) =>
          `  ${status} ${file}:${start.line}:${start.column} ${change}`,
      ),
      ...needless.map(({ file, change }) => `  Explained, but noticed ${file} ${change}`),
    ],
  };
}

/** One line for each area. `endless` are mutants that did not come to an end, which counts as noticed. */
export function table(all) {
  const head = ['area', 'tried', 'noticed', 'endless', 'explained', 'open', 'not tried', 'score', 'minutes'];
  const lines = all.map((row) =>
    row.isTried
      ? [
          row.name,
          ...[row.tried, row.noticed, row.endless, row.explained, row.open, row.untried],
          `${row.score.toFixed(1)} %`,
          (row.ms / 60_000).toFixed(1),
        ]
      : [row.name, ...head.slice(1).map(() => '-')],
  );
  const widths = head.map((title, at) => Math.max(title.length, ...lines.map((line) => `${line[at]}`.length)));
  return [head, ...lines]
    .map((line) => line.map((cell, at) => `${cell}`[at === 0 ? 'padEnd' : 'padStart'](widths[at])).join('  '))
    .join('\n');
}

import { existsSync, readFileSync } from 'node:fs';

/**
 * Returns what a mutant changes, as survivors.md writes it: the code that it takes away and what it puts there, each on one
 * line and cut to a length that is enough to know it by.
 */
export function changeOf(source, { location: { start, end }, replacement }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1)?.slice(0, end.column - 1) ?? '';
  lines[0] = lines[0]?.slice(start.column - 1) ?? '';
  return `${inCode(lines.join('\n'))} → ${inCode(replacement)}`;
}

function inCode(code) {
  const line = code.replace(/\s+/g, ' ').slice(0, 100).trim();
  const ticks = line.includes('`') ? '``' : '`';
  const space = ticks === '``' || line === '' ? ' ' : '';
  return `${ticks}${space}${line}${space}${ticks}`;
}

/**
 * Returns the reasons of survivors.md by file and change. A heading names a file; a paragraph below it is a reason, and the
 * list after it holds the changes that it explains.
 */
export function readReasons(path) {
  const reasons = new Map();
  let file = '';
  let reason = '';
  for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
    if (line.startsWith('## ')) file = line.slice(3).replaceAll('`', '').trim();
    else if (line.startsWith('- ')) reasons.set(`${file} ${line.slice(2).trim()}`, reason);
    else if (line.trim() !== '') reason = line.trim();
  }
  return reasons;
}

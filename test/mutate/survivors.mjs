import { readFileSync } from 'node:fs';

/** In characters: enough to know a change by. */
const SHOWN = 100;

/**
 * Returns what a mutant changes, as survivors.md writes it: the code that it takes away and what it puts there, each on one
 * line and cut.
 */
export function changeOf(source, { location: { start, end }, replacement }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1)?.slice(0, end.column - 1) ?? '';
  lines[0] = lines[0]?.slice(start.column - 1) ?? '';
  return `${inCode(lines.join('\n'))} → ${inCode(replacement)}`;
}

/** Returns code on one line, as survivors.md writes it. */
export function onOneLine(code) {
  return code.replace(/\s+/g, ' ').trim();
}

function inCode(code) {
  const line = onOneLine(code).slice(0, SHOWN).trim();
  return line.includes('`') || line === '' ? `\`\` ${line} \`\`` : `\`${line}\``;
}

/**
 * Returns the changes that survivors.md explains, each with its file and the reason. A heading names a file; a paragraph is
 * a reason, and the list below it holds the changes that it explains.
 */
export function readSurvivors(path) {
  const survivors = [];
  let file = '';
  let reason = '';
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('## ')) file = line.slice('## '.length).trim();
    else if (line.startsWith('- ')) survivors.push({ file, reason, change: line.slice('- '.length).trim() });
    else if (line.trim() !== '') reason = line.trim();
  }
  return survivors;
}

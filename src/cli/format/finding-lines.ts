import type { Finding } from '../../server/api/findings/finding.js';
import { typedHere } from './called-here.js';
import { counted } from './counted.js';
import { harmless, paint } from './paint.js';

/** Formats findings: a block for each thing that they are about, a line or two for each finding, and their count. */
export function findingLines(findings: readonly Finding[]): string[] {
  const blocks = [...new Set(findings.map(({ about }) => about))];
  return [
    ...blocks.flatMap((block) => [
      paint('bold', harmless(block)),
      ...findings.filter(({ about }) => about === block).flatMap(linesOf),
      '',
    ]),
    sumLine(findings),
  ];
}

function linesOf({ level, repository, says, advice }: Finding): string[] {
  const of = repository === undefined ? '' : `${repository}: `;
  const line = `  ${paint(COLOURS[level], level.padEnd(7))}  ${harmless(`${of}${says}`)}`;
  return advice === undefined ? [line] : [line, `           → ${harmless(typedHere(advice))}`];
}

const COLOURS = { ok: 'green', warn: 'yellow', problem: 'red' } as const;

function sumLine(findings: readonly Finding[]): string {
  const count = (level: Finding['level'], word: string) => {
    const { length } = findings.filter((finding) => finding.level === level);
    return counted(length, word);
  };
  return `${count('problem', 'problem')}, ${count('warn', 'warning')}`;
}

import { harmless, paint } from '../../format/paint.js';
import type { Finding } from './finding.js';

/** One block for what findings are about, a line or two for each. */
export function tellFindings(findings: readonly Finding[]): string[] {
  const blocks = [...new Set(findings.map(({ about }) => about))];
  return [
    ...blocks.flatMap((block) => [
      paint('bold', harmless(block)),
      ...findings.filter(({ about }) => about === block).flatMap(tellOne),
      '',
    ]),
    tellSum(findings),
  ];
}

function tellOne({ level, repository, says, advice }: Finding): string[] {
  const of = repository === undefined ? '' : `${repository}: `;
  const line = `  ${paint(COLOURS[level], level.padEnd(7))}  ${harmless(`${of}${says}`)}`;
  return advice === undefined ? [line] : [line, `           → ${harmless(advice)}`];
}

const COLOURS = { ok: 'green', warn: 'yellow', problem: 'red' } as const;

function tellSum(findings: readonly Finding[]): string {
  const count = (level: Finding['level'], word: string) => {
    const { length } = findings.filter((finding) => finding.level === level);
    return `${length} ${word}${length === 1 ? '' : 's'}`;
  };
  return `${count('problem', 'problem')}, ${count('warn', 'warning')}`;
}

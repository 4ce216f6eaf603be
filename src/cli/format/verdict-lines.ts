import type { AnsweredVerdict } from '../../server/api/contract.js';
import { harmless, paint } from './paint.js';

/** Formats a line for each verdict: started, skipped or filtered, and why. `started` is the word for the first. */
export function verdictLines(verdicts: readonly AnsweredVerdict[], started = 'started'): string[] {
  const names = Math.max(0, ...verdicts.map(({ automation }) => automation.length));
  const words = { start: started, skip: 'skipped', filtered: 'filtered' };
  return verdicts.map(({ automation, outcome, because }) => {
    const word = words[outcome].padEnd(Math.max(8, started.length));
    const mark = paint(outcome === 'start' ? 'green' : 'gray', word);
    return `  ${mark}  ${automation.padEnd(names)}  ${harmless(because)}`;
  });
}

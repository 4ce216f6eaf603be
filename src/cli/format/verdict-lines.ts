import { harmless, paint } from './paint.js';

interface Told {
  readonly automation: string;
  readonly outcome: string;
  readonly because: string;
}

/** A line per automation: started or filtered, and why. */
export function tellVerdicts(verdicts: readonly Told[], started = 'started'): string[] {
  const width = Math.max(0, ...verdicts.map((verdict) => verdict.automation.length));
  return verdicts.map(({ automation, outcome, because }) => {
    const word = (outcome === 'start' ? started : outcome === 'skip' ? 'skipped' : 'filtered').padEnd(
      Math.max(8, started.length),
    );
    const mark = paint(outcome === 'start' ? 'green' : 'gray', word);
    return `  ${mark}  ${automation.padEnd(width)}  ${harmless(because)}`;
  });
}

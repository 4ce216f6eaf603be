import { harmless, paint } from './paint.js';

interface Told {
  readonly automation: string;
  readonly outcome: string;
  readonly because: string;
}

/** A line per automation: started or filtered, and why. */
export function tellVerdicts(verdicts: readonly Told[]): string[] {
  const width = Math.max(0, ...verdicts.map((verdict) => verdict.automation.length));
  return verdicts.map(({ automation, outcome, because }) => {
    const mark = outcome === 'start' ? paint('green', 'started ') : paint('gray', 'filtered');
    return `  ${mark}  ${automation.padEnd(width)}  ${harmless(because)}`;
  });
}

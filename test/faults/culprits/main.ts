import { type Culprit, culprits } from './culprits.js';
import { type Outcome, runCulprit } from './run.js';
import { table } from './table.js';

export interface CulpritsOptions {
  /** Names of {@link culprits}; all if there are none. */
  readonly only: readonly string[];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const MAX_TOLD = 50;

/**
 * `npm run test:faults -- --culprits`: one run after the other that takes the worker down, or that can't go on, each on a
 * `hookyard start` of its own under the load of 32 connections. Returns whether all is as it should be.
 */
export async function runCulprits({ only, say, signal }: CulpritsOptions): Promise<boolean> {
  const chosen: readonly Culprit[] = only.length > 0 ? culprits.filter(({ name }) => only.includes(name)) : culprits;
  say(`${chosen.length} culprits, each on a hookyard start of its own; node ${process.version}`);
  const outcomes: Outcome[] = [];
  for (const culprit of chosen) {
    say(`· ${culprit.what}`);
    const outcome = await runCulprit(culprit, { signal, say });
    for (const problem of outcome.problems) say(`  ✗ ${problem}`);
    if (outcome.problems.length > 0) for (const line of outcome.log.slice(-MAX_TOLD)) say(`    log: ${line}`);
    outcomes.push(outcome);
  }
  for (const line of table(outcomes)) say(line);
  const isGood = outcomes.every(({ problems }) => problems.length === 0);
  say(isGood ? 'ok    ' : 'failed');
  return isGood;
}

import { readFile } from 'node:fs/promises';

/** What the runs themselves have written down (activities.ts). */
export interface Ledger {
  /** Runs that did something, each with Temporal's ids of the executions that did it: one, unless it ran twice. */
  readonly executions: ReadonlyMap<string, ReadonlySet<string>>;
  /** Steps of a run by name, each with how often it was done: more than once where a worker was lost before it told. */
  readonly steps: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export async function readLedger(file: string): Promise<Ledger> {
  const executions = new Map<string, Set<string>>();
  const steps = new Map<string, Map<string, number>>();
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  for (const line of text.split('\n').filter(Boolean)) {
    const { run, runId, step } = JSON.parse(line) as { run: string; runId: string; step: string };
    executions.set(run, (executions.get(run) ?? new Set()).add(runId));
    const of = steps.get(run) ?? new Map<string, number>();
    steps.set(run, of.set(step, (of.get(step) ?? 0) + 1));
  }
  return { executions, steps };
}

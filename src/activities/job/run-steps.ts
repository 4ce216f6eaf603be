import { access, constants } from 'node:fs/promises';
import type { JobStep, StepResult } from '../contract/index.js';
import type { JobLog } from './job-log.js';
import { type GracePeriods, type ProcessGroup, startGroup } from './process-group.js';

/** The steps to run, and what they run in. */
export interface StepsOptions {
  readonly steps: readonly JobStep[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly jobLog: JobLog;
  /** Aborts when the run is cancelled or the job's time is over. */
  readonly signal: AbortSignal;
  readonly gracePeriods: GracePeriods;
  readonly onStep: (index: number) => void;
}

/** Runs the steps in order, until one fails or the signal aborts. Rejects when a shell can't be started. */
export async function runSteps(options: StepsOptions): Promise<StepResult[]> {
  const { steps, jobLog, signal, onStep } = options;
  const results: StepResult[] = [];
  const shell = await findShell();
  for (const [i, step] of steps.entries()) {
    if (signal.aborted || results.some((result) => result.outcome !== 'passed')) {
      results.push({ name: step.name, outcome: 'skipped', durationMs: 0 });
      continue;
    }
    onStep(i);
    await jobLog.note(`step ${i + 1} of ${steps.length}: ${step.name}`);
    const result = await runStep(options, { step, shell });
    await jobLog.note(`${step.name}: ${inWords(result)}`);
    results.push(result);
  }
  return results;
}

async function runStep(
  { cwd, env, jobLog, signal, gracePeriods }: StepsOptions,
  { step, shell }: { step: JobStep; shell: Shell },
): Promise<StepResult> {
  const began = Date.now();
  const group = startGroup({ command: shell.command, args: [...shell.args, step.run], cwd, env }, gracePeriods);
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= group.stop();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const [{ exitCode, signal: endedBy }] = await Promise.all([
      group.ended,
      ...passOn(group, { jobLog, step: step.name }),
    ]);
    await stopping;
    const durationMs = Date.now() - began;
    const code = exitCode ?? (endedBy ? 128 : undefined);
    const outcome = signal.aborted ? 'timed_out' : exitCode === 0 ? 'passed' : 'failed';
    return { name: step.name, outcome, durationMs, ...(code !== undefined && { exitCode: code }) };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Passes output on to the log, and reads no faster than the log takes it, so that memory stays bounded. */
function passOn(group: ProcessGroup, { jobLog, step }: { jobLog: JobLog; step: string }): Promise<void>[] {
  return (['stdout', 'stderr'] as const).map(async (stream) => {
    const output = jobLog.output({ stream, step });
    for await (const chunk of group[stream]) await output.write(chunk);
    await output.end();
  });
}

interface Shell {
  readonly command: string;
  readonly args: readonly string[];
}

/** Returns Bash if there is one, set to fail when any part of a pipe fails; else the system's shell. */
async function findShell(): Promise<Shell> {
  for (const command of ['/bin/bash', '/usr/bin/bash']) {
    const found = await access(command, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return { command, args: ['--noprofile', '--norc', '-eo', 'pipefail', '-c'] };
  }
  return { command: '/bin/sh', args: ['-ec'] };
}

function inWords({ outcome, exitCode, durationMs }: StepResult): string {
  const time = `${(durationMs / 1000).toFixed(1)} s`;
  if (outcome === 'passed') return `passed in ${time}`;
  if (outcome === 'failed') return `failed with exit code ${exitCode ?? 'none'} after ${time}`;
  return `stopped after ${time}`;
}

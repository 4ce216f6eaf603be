import { isIdToken } from '../../../activities/contract/id-token.js';
import type { StoredJob } from '../../../activities/job/snapshots/stored-job.js';
import { cutToCharacters } from '../../../events/truncate.js';

/** What a person is told before the shell is there. */
export interface Greeting {
  /** Workflow id. */
  readonly run: string;
  readonly job: StoredJob;
  /** Of the step whose environment it is, and of the one that did not pass, from 1. */
  readonly number: number;
  readonly failedAt: number;
  readonly secrets: boolean;
  readonly isStrangers: boolean;
  /** Where the shell is. */
  readonly cwd: string;
}

/** In characters, of a step's command. */
const SHOWN = 1_000;

/** Returns, a line each, whose workspace it is, what the step runs, and what is not as it was for the step. */
export function greetingOf({ run, job, number, failedAt, secrets, isStrangers, cwd }: Greeting): readonly string[] {
  const { input, steps } = job;
  const step = steps[number - 1];
  const withheld = Object.entries({ ...input.env, ...step?.env }).flatMap(([name, value]) =>
    typeof value === 'string' || (secrets && !isIdToken(value)) ? [] : [name],
  );
  const background = steps.slice(0, number).filter((one) => one.background);
  const failed = steps[failedAt - 1]?.name ?? '';
  return [
    `The workspace of job ${input.name} of ${run}, as step ${failedAt} of ${steps.length}, "${failed}", left it`,
    `The environment of step ${number}, "${step?.name ?? ''}", which runs:`,
    ...cutToCharacters(step?.run ?? '', SHOWN)
      .split('\n')
      .map((line) => `  ${line}`),
    ...(withheld.length > 0 ? [`Not set, since they hold secrets: ${withheld.join(', ')}`] : []),
    ...background.map((one) => `Not running here: the background step "${one.name}"`),
    ...(isStrangers ? ["The code may be a stranger's: what of it you run here runs as you"] : []),
    `In ${cwd}, which is removed when the shell ends`,
  ];
}

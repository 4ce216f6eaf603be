import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import { isIdToken } from '../../activities/contract/id-token.js';
import type { JobStep, StepRetries } from '../../activities/contract/index.js';
import { cutToBytes } from '../../events/truncate.js';
import { problemOfPattern } from '../../runs/report-pattern.js';
import { listOf, type OptionCheck, readOptions, yesOrNo } from '../../triggers/options.js';

const MAX_STEPS = 100;
/** In bytes of UTF-8: no program is given a longer argument (`MAX_ARG_STRLEN` of Linux). */
const MAX_RUN = 120_000;
/** Node's timers take no longer one. */
const MAX_MS = 24 * 24 * 3_600_000;

/**
 * Returns the steps that an author has written: command lines by themselves get a name. Throws a `TriggerError` that says which
 * option of which step is wrong.
 */
export function readSteps(steps: readonly (string | JobStep)[]): readonly JobStep[] {
  if (steps.length > MAX_STEPS) throw new Error(`runJob(): "steps" has ${steps.length} steps, more than ${MAX_STEPS}`);
  return steps.map((step, i) => {
    const given = typeof step === 'string' ? named(step) : step;
    const read = readOptions('runJob', given, STEP, `steps[${i}]`);
    if (read.retries) readOptions('runJob', read.retries, RETRIES, `steps[${i}].retries`);
    if (read.retries && read.retries.limit === undefined)
      throw new Error(`runJob(): "steps[${i}].retries" has no "limit"`);
    const conflict = read.name && read.run ? conflictIn(read) : 'a step has a "name" and a "run"';
    if (conflict) throw new Error(`runJob(): "steps[${i}]": ${conflict}`);
    return read;
  });
}

/** Returns how long a job may take, in milliseconds: half an hour by default. Throws what is wrong with what an author has written. */
export function readTimeout(timeout: Duration = '30 minutes'): number {
  const wrong = duration(timeout);
  if (wrong) throw new Error(`runJob(): "timeout" must be ${wrong}, not ${JSON.stringify(timeout)}`);
  return msToNumber(timeout);
}

/** Returns a command line as a step that is called by its first line: that of a template literal is most often blank, and not meant. */
export function named(run: string): JobStep {
  const first = run.split('\n').find((line) => line.trim() !== '');
  return { name: first?.trim().slice(0, 80) ?? 'nothing', run };
}

const text: OptionCheck = (value) =>
  typeof value === 'string' && value.trim() !== '' ? undefined : 'a string that is not empty';

const commands: OptionCheck = (value) => {
  const wrong = text(value);
  if (wrong) return wrong;
  return cutToBytes(value as string, MAX_RUN) === value
    ? undefined
    : `shorter than ${MAX_RUN} bytes: put what is longer into a file of the repository`;
};

const duration: OptionCheck = (value) => {
  try {
    const ms = msToNumber(value as number);
    if (ms > 0 && ms <= MAX_MS) return undefined;
  } catch {
    // Said below.
  }
  return `a time in milliseconds or in words, "5 minutes", of 24 days at most`;
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks for variables of steps. */
export const environment: OptionCheck = (value) => {
  if (!isObject(value)) return 'an object of variables';
  const bad = Object.entries(value).find(
    ([, one]) =>
      one !== undefined &&
      typeof one !== 'string' &&
      !(isObject(one) && 'secret' in one && typeof one.secret === 'string') &&
      !isIdToken(one),
  );
  return bad === undefined
    ? undefined
    : `an object of strings, secret('name') and idToken({ audience }), and "${bad[0]}" is none of them`;
};

const below: OptionCheck = (value) => {
  const wrong = text(value);
  if (wrong) return wrong;
  const isOut = /^[/\\]/.test(value as string) || (value as string).split(/[/\\]/).includes('..');
  return isOut ? 'a folder below the checkout, without ".."' : undefined;
};

const reports: OptionCheck = (value) => {
  const globs = typeof value === 'string' ? [value] : value;
  const wrong = listOf()(globs);
  if (wrong) return 'a glob of test reports, or a list of them';
  const bad = (globs as string[]).find((glob) => problemOfPattern(glob) !== undefined);
  return bad === undefined ? undefined : `globs below the checkout: ${JSON.stringify(bad)} ${problemOfPattern(bad)}`;
};

const matchers: OptionCheck = (value) => {
  const isMatcher = (one: unknown) =>
    typeof one === 'string'
      ? one !== ''
      : typeof one === 'object' && one !== null && 'owner' in one && 'pattern' in one;
  return value === false || (Array.isArray(value) && value.length <= 20 && value.every(isMatcher))
    ? undefined
    : 'false, or a list of at most 20 problem matchers and names of files that hold them';
};

const STEP = {
  name: text,
  run: commands,
  env: environment,
  timeout: duration,
  retries: (value: unknown) => (isObject(value) ? undefined : 'an object with a "limit"'),
  if: (value: unknown) => (value === 'always' || value === 'failure' ? undefined : '"always" or "failure"'),
  dir: below,
  shell: text,
  continueOnError: yesOrNo,
  snapshot: yesOrNo,
  background: yesOrNo,
  ready: commands,
  tests: reports,
  problems: matchers,
};

const RETRIES: { readonly [K in keyof Required<StepRetries>]: OptionCheck } = {
  on: (value) => {
    const wrong = listOf()(value);
    if (wrong) return wrong;
    const stranger = (value as string[]).find((one) => !/^(failed|timeout|lost|exit:\d{1,3})$/.test(one));
    return stranger === undefined
      ? undefined
      : `a list of "failed", "timeout", "lost" and "exit:<code>" (and "${stranger}" is none of them)`;
  },
  limit: (value) =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 10 ? undefined : 'a number from 1 to 10',
};

/** Returns in words which options do not go together. */
function conflictIn({
  background,
  snapshot,
  ready,
  retries,
  continueOnError,
  if: when,
  tests,
  problems,
}: JobStep): string | undefined {
  if (ready !== undefined && !background) return '"ready" is for steps with background: true';
  if (background && retries) return 'a step with background: true has no "retries"';
  if (background && continueOnError) return 'a step with background: true has no "continueOnError"';
  if (background && snapshot) return 'a step with background: true has no "snapshot"';
  if (background && (tests !== undefined || problems))
    return 'a step with background: true has no "tests" and no "problems"';
  if (background && when) return 'a step with background: true has no "if"';
  return undefined;
}

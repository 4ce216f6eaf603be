import { type ActivityOptions, patched } from '@temporalio/workflow';
import type {
  CloseJobInput,
  HeldJob,
  HoldJobInput,
  JobResult,
  JobStep,
  PassedJob,
  RunJobInput,
  StepResult,
} from '../../activities/contract/index.js';
import { truncate } from '../../events/truncate.js';
import { hashOf } from '../../runs/hash.js';
import { job } from '../run/activities.js';
import { goOnFrom } from '../run/from-failed.js';
import { type HostWork, onHost } from '../run/held-job.js';
import { runSteps, type StepKnown, type StepsRan } from '../run/job-steps.js';
import { outcomeOf } from '../run/job-words.js';
import { bytesOf, whenRoom } from '../run/message-room.js';
import { jobsBegun } from '../run/nth-of-name.js';
import { named } from '../run/read-steps.js';
import type { TriedJob, Try } from './tries.js';

/** For all steps together that run once a job has not passed, its time is over or its run was cancelled. */
const AFTER_MS = 5 * 60_000;
/** For what passes between steps and is none of the job's time, and to take in that its time is over. */
const BETWEEN_MS = 8 * 60_000;
/** For keeping its artifacts and caches: as long as the host takes for that at most. */
const KEEPING_MS = 5 * 60_000;
/** In characters: the result of a job is kept in histories. */
const MAX_SUMMARY = 32_000;
/** In bytes: what is told of a job that has passed stands in the history once more. */
const MAX_PASSED = 256 * 1024;

/** In runs that an older version started a step that always runs is cut off where the run is cancelled while it is at work. */
const ALWAYS_ENDS = 'steps-that-always-run-end';

/** What there is to do, in words for both ways of doing it. */
export interface Todo {
  readonly steps: readonly JobStep[];
  readonly files: Pick<HoldJobInput, 'caches' | 'artifacts' | 'needs'>;
  readonly input: Omit<RunJobInput, 'steps'>;
  readonly activity: ActivityOptions;
  readonly one: Try;
  readonly isInCell: boolean;
  /** It does not count where it has passed in an earlier run. */
  readonly rerunPassed: boolean;
  readonly onStep: (words: string) => void;
}

/** `annotated`: problems of an earlier run are shown; `tries`: those that it took in an earlier run. */
export type Done = JobResult & Pick<HeldJob, 'annotated'> & Partial<Pick<TriedJob, 'tries'>>;

/** Does each step as an activity of its own, on the host that holds the job's workspace. */
export async function stepByStep({
  steps,
  files,
  input,
  activity,
  one,
  isInCell,
  rerunPassed,
  onStep,
}: Todo): Promise<Done> {
  const { timeoutMs } = input;
  const keepingMs = files.artifacts || files.caches ? KEEPING_MS : 0;
  const options = { ...activity, startToCloseTimeout: timeoutMs + AFTER_MS + BETWEEN_MS + keepingMs };
  // Further tries begin anew.
  const from = one.nth === 1 ? goOnFrom(steps, { rerunPassed }) : undefined;
  const snapshots = steps.some((step) => step.snapshot === true) && ({ snapshots: true } as const);
  const stepSecrets = secretsOf(steps);
  const more = {
    ...{ ...(from && { from }), ...files, ...snapshots },
    ...(stepSecrets.length > 0 && { stepSecrets }),
  };
  const hold = { ...input, steps: steps.length, afterMs: AFTER_MS, ...more };
  const known = new Map<number, StepKnown>();
  const isFinal = one.nth === one.of;
  const how: HostWork<StepsRan> = {
    work: (host) => {
      const alwaysEnds = steps.some((step) => step.if === 'always') && patched(ALWAYS_ENDS);
      return runSteps(host, steps, { timeoutMs, afterMs: AFTER_MS, isFinal, alwaysEnds, known, onStep });
    },
    // With its job's name, which is that of its cell too, where there are steps of others in the timeline.
    shownAs: (what) => (isInCell || jobsBegun() > 1 ? `${input.name}: ${what}` : what),
    told: (ran) => ({
      ...passedOf(ran, { steps, tries: one.nth, rerunPassed }),
      ...(files.caches && outcomeOf(ran.results).passed && { saves: true }),
    }),
    isAllLeft: ({ results }, after) => after > 0 && results.slice(after).every(({ outcome }) => outcome === 'skipped'),
  };
  const { held, did } = await whenRoom(hold, () => onHost(hold, options, how));
  if (held.before) return { ...held.before, outcome: 'passed', passed: true, url: held.url };
  const results: readonly StepResult[] =
    did?.results ?? steps.map(({ name }) => ({ name, outcome: 'timed_out', durationMs: 0 }));
  const { durationMs, tail, attempt, url, annotated, runner, caches, artifacts } = held;
  return {
    ...outcomeOf(results),
    ...resultOf({ results, outputs: did?.outputs ?? {}, summary: did?.summary ?? '' }),
    ...{ durationMs, tail, attempt, url },
    ...(runner !== undefined && { runner }),
    ...(caches && { caches }),
    ...(artifacts && { artifacts }),
    ...(annotated && { annotated }),
  };
}

/** Returns the names of the secrets that steps ask for: whether the code may have them is seen before the first step runs. */
function secretsOf(steps: readonly JobStep[]): readonly string[] {
  const asked = steps.flatMap(({ env = {} }) => Object.values(env));
  return [
    ...new Set(
      asked.flatMap((value) =>
        typeof value === 'object' && value !== null && 'secret' in value ? [value.secret] : [],
      ),
    ),
  ];
}

function resultOf({ results, outputs, summary }: StepsRan): PassedJob['result'] {
  return { steps: results, outputs, ...(summary !== '' && { summary: truncate(summary, MAX_SUMMARY) }) };
}

/** Returns what is told of a job that has passed, where there is room for it, and it is not to run each time. */
function passedOf(
  ran: StepsRan,
  { steps, tries, rerunPassed }: { steps: readonly JobStep[]; tries: number; rerunPassed: boolean },
): Pick<CloseJobInput, 'passed' | 'uncounted'> {
  if (!outcomeOf(ran.results).passed) return {};
  const passed: PassedJob = { steps: [], stepsHash: hashOf(steps), tries, result: resultOf(ran) };
  return !rerunPassed && bytesOf(passed) <= MAX_PASSED ? { passed } : { uncounted: true };
}

/** Does all in one activity, as runs of an older version do. */
export async function atOnce({ steps, input, activity }: Todo): Promise<Done> {
  const options = { ...activity, startToCloseTimeout: input.timeoutMs + 120_000 };
  const result = await job.runJob.executeWithOptions(options, [
    { ...input, steps: steps.map(({ name, run }) => ({ name, run })) },
  ]);
  return { outputs: {}, ...result };
}

/** Returns a step as runs of an older version understand it. */
export function asBefore(step: string | JobStep): JobStep {
  return typeof step === 'string' ? named(step) : step;
}

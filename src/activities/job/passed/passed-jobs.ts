import { z } from 'zod';
import type { Config } from '../../../config/config.js';
import type { Logger } from '../../../log.js';
import { hashOf } from '../../../runs/hash.js';
import { versionAfter } from '../../../store/record-version.js';
import type { RecordStore } from '../../../store/store.js';
import type { GoOnFrom, HoldJobInput, JobResult, PassedJob } from '../../contract/index.js';
import { chooseRunner, markOfRunner } from '../runners/choose-runner.js';
import { isTrusted } from '../trust.js';

/** Collection of the jobs that have passed, a row for each: automations can't write to it. Stored: the name stays. */
export const PASSED_JOBS = 'hookyard.passed-jobs';

/** A job, as its run has asked for it. */
export interface AskedJob
  extends Pick<HoldJobInput, 'name' | 'nth' | 'checkout' | 'env' | 'timeoutMs' | 'trust' | 'runner' | 'network'> {
  readonly needs?: HoldJobInput['needs'] | undefined;
  readonly artifacts?: HoldJobInput['artifacts'] | undefined;
}

/** A job that has passed. */
export interface Passed
  extends Pick<PassedJob, 'result' | 'tries'>,
    Pick<JobResult, 'durationMs' | 'tail' | 'attempt'> {
  /** Of its steps as their author has written them. */
  readonly stepsHash: string;
  /** The merge that was checked out in the place of its commit, where one was made. */
  readonly merge?: string | undefined;
  /** SHA-256 of what each of the artifacts held that it needed, in their order. Versions before did not keep them. */
  readonly contents?: readonly string[] | undefined;
  /** Names of the artifacts that were kept of it, which may be fewer than were asked for. Versions before did not keep them. */
  readonly artifacts?: readonly string[] | undefined;
}

/** What is known of a job in the run that another one goes on from. */
export type Known =
  /** It counts as there, if its merge is the same. */
  | { readonly kind: 'passed'; readonly run: string; readonly passed: Passed }
  /** It has passed there, and has to run again. `because`: in words. */
  | { readonly kind: 'changed'; readonly run: string; readonly because: string }
  /** `failedIn`: the nearest in which it has ended, and has not passed. It goes on in none of those before. */
  | { readonly kind: 'unknown'; readonly failedIn?: string };

/** What is kept of jobs that have passed: by all workers together, and whatever becomes of their machines. */
export interface PassedJobs {
  /**
   * Returns what is known of a job in the runs that its own goes on from: in the nearest in which it has ended. A merge is not looked at,
   * nor what its artifacts are: who makes and keeps them can tell.
   */
  find(job: AskedJob, from: GoOnFrom | undefined): Promise<Known>;
  /** Keeps that a job of a run has passed. `run`: workflow id. Never rejects: it has, whether or not that can be kept. */
  note(job: AskedJob, run: string, passed: Passed): Promise<void>;
  /**
   * Keeps that a job of a run has passed and does not count in those that go on from it: there it begins with its first step, whatever
   * workspace an earlier try has left. Never rejects.
   */
  noteUncounted(job: AskedJob, run: string): Promise<void>;
  /**
   * Forgets it: the run has run the job once more, and it has not passed. Where the run goes on `from` others, what it came to there
   * does not count any more either. Never rejects.
   */
  forget(job: AskedJob, run: string, from: GoOnFrom | undefined): Promise<void>;
}

/** Hashes of what a job's result depends on, beside its merge. Stored: they stay as they are made. */
const marksSchema = z.object({
  commit: z.string(),
  trust: z.string(),
  runner: z.string(),
  options: z.string(),
  environment: z.string(),
  steps: z.string(),
  // Versions before did not keep it.
  files: z.string().optional(),
});

type Marks = z.output<typeof marksSchema>;

/** What has changed, in words. */
const CHANGED: Readonly<Record<keyof Marks, string>> = {
  commit: 'what it checks out has',
  trust: 'whether its code is trusted has',
  runner: 'where its steps run has',
  options: 'its checkout options have',
  environment: 'its environment has',
  steps: 'its steps have',
  files: 'what it needs, or what it keeps as artifacts, has',
};

const passedSchema = z.object({
  source: z.string(),
  /** `owner/name`, as the event names it. */
  repository: z.string(),
  of: marksSchema,
  passed: z.object({
    result: z.object({
      steps: z.array(z.looseObject({ name: z.string(), outcome: z.string() })),
      outputs: z.record(z.string(), z.string()),
      summary: z.string().optional(),
    }),
    tries: z.number(),
    durationMs: z.number(),
    tail: z.string(),
    attempt: z.number(),
    merge: z.string().optional(),
    contents: z.array(z.string()).optional(),
    artifacts: z.array(z.string()).optional(),
  }),
});

/** What {@link createPassedJobs} works with. */
export interface PassedJobsDeps {
  readonly config: Pick<Config, 'jobs'>;
  readonly records: Pick<RecordStore, 'get' | 'upsert' | 'remove'>;
  readonly log: Pick<Logger, 'warn'>;
}

/** Kept of a job that did not pass in a run that went on from another: what it came to there does not count any more. */
const failedSchema = z.object({ failed: z.literal(true) });

/** Kept of a job that has passed, and of which nothing counts in another run: it is to run each time, or has told too much. */
const uncountedSchema = z.object({ uncounted: z.literal(true) });

/** Returns the book of passed jobs that the store keeps. */
export function createPassedJobs({ config, records, log }: PassedJobsDeps): PassedJobs {
  const marksOf = (job: AskedJob, stepsHash: string) =>
    marksAt(markOfRunner(chooseRunner(config, job)), job, stepsHash);
  const keep = async (job: AskedJob, run: string, data: object) => {
    const { source, repository } = job.checkout;
    const key = keyOf(job, run);
    const version = versionAfter(await records.get(PASSED_JOBS, key), Date.now());
    await records.upsert({ collection: PASSED_JOBS, key, version, data: { source, repository, ...data }, run });
  };
  const findIn = async (run: string, job: AskedJob, stepsHash: string | undefined): Promise<Known | undefined> => {
    const row = await records.get(PASSED_JOBS, keyOf(job, run));
    if (failedSchema.safeParse(row?.data).success) return { kind: 'unknown', failedIn: run };
    if (uncountedSchema.safeParse(row?.data).success) {
      const because = stepsHash === undefined ? 'it is to run each time' : 'what it came to there is not kept';
      return { kind: 'changed', run, because };
    }
    const known = passedSchema.safeParse(row?.data).data;
    if (!known) return undefined;
    if (stepsHash === undefined) return { kind: 'changed', run, because: 'it is to run each time' };
    const now = marksOf(job, stepsHash);
    const isKnown = (name: keyof Marks) => known.of[name] !== undefined;
    const changed = marksSchema.keyof().options.find((name) => isKnown(name) && now[name] !== known.of[name]);
    if (changed) return { kind: 'changed', run, because: `${CHANGED[changed]} changed` };
    const passed = { ...(known.passed as unknown as Omit<Passed, 'stepsHash'>), stepsHash };
    if (passed.durationMs <= job.timeoutMs) return { kind: 'passed', run, passed };
    return { kind: 'changed', run, because: 'it took longer than its timeout is now' };
  };
  return {
    async find(job, from) {
      if (from === undefined) return { kind: 'unknown' };
      const stepsHash = from.writtenHash ?? (from.written && hashOf(from.written));
      // A run that an older version started, which does not tell whether it is to run each time.
      if (stepsHash === undefined && from.stepHashes === undefined) return { kind: 'unknown' };
      for (const run of [from.run, ...(from.before ?? [])]) {
        const known = await findIn(run, job, stepsHash);
        if (known) return known;
      }
      return { kind: 'unknown' };
    },
    async note(job, run, { stepsHash, ...passed }) {
      await keep(job, run, { of: marksOf(job, stepsHash), passed }).catch((error) =>
        log.warn({ err: error, run, job: job.name }, 'it could not be kept that a job has passed'),
      );
    },
    async noteUncounted(job, run) {
      await keep(job, run, { uncounted: true }).catch((error) =>
        log.warn({ err: error, run, job: job.name }, 'it could not be kept that a job has passed'),
      );
    },
    async forget(job, run, from) {
      const key = keyOf(job, run);
      try {
        if (from) await keep(job, run, { failed: true });
        else {
          const row = await records.get(PASSED_JOBS, key);
          // What its first try has noted stays: those that follow do not know where the run goes on from.
          if (row && !failedSchema.safeParse(row.data).success)
            await records.remove({ collection: PASSED_JOBS, key, version: row.version });
        }
      } catch (error) {
        log.warn({ err: error, run, job: job.name }, 'it could not be forgotten that a job has passed before');
      }
    },
  };
}

function marksAt(
  runner: string,
  { checkout, env, trust, needs = [], artifacts = [] }: AskedJob,
  stepsHash: string,
): Marks {
  // When the run began is none of what it builds.
  const { since: _, options = {}, untrusted, queued, ...commit } = checkout;
  return {
    commit: hashOf(commit),
    trust: hashOf([untrusted === true, queued === true, isTrusted(checkout), trust === true]),
    runner,
    options: hashOf(options),
    environment: hashOf(env),
    steps: stepsHash,
    files: hashOf([needs, artifacts]),
  };
}

/** `source#…`: by that what is to be forgotten of a source is found. */
function keyOf({ name, nth = 1, checkout }: AskedJob, run: string): string {
  return `${checkout.source}#${hashOf([run, name, nth]).slice(0, 40)}`;
}

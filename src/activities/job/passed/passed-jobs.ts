import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '../../../config/config.js';
import type { Logger } from '../../../log.js';
import type { RecordStore } from '../../../store/store.js';
import type { GoOnFrom, HoldJobInput, JobResult, PassedJob } from '../../contract/index.js';
import { runnerFor } from '../runners/open-runner.js';
import type { RunnerKind } from '../runners/runner.js';
import { isTrusted } from '../trust.js';

/** Collection of the jobs that have passed, a row for each: automations can't write to it. Stored: the name stays. */
export const PASSED_JOBS = 'hookyard.passed-jobs';

/** A job, as its run has asked for it. */
export type AskedJob = Pick<HoldJobInput, 'name' | 'nth' | 'checkout' | 'env' | 'timeoutMs' | 'trust' | 'runner'>;

/** A job that has passed. */
export interface Passed extends PassedJob, Pick<JobResult, 'durationMs' | 'tail' | 'attempt'> {
  /** The merge that was checked out in the place of its commit, where one was made. */
  readonly merge?: string | undefined;
}

/** What is known of a job in the run that another one goes on from. */
export type Known =
  /** It counts as there, if its merge is the same. */
  | { readonly kind: 'passed'; readonly run: string; readonly passed: Passed }
  /** It has passed there, and has to run again. `because`: in words. */
  | { readonly kind: 'changed'; readonly run: string; readonly because: string }
  | { readonly kind: 'unknown' };

/** What is kept of jobs that have passed: by all workers together, and whatever becomes of their machines. */
export interface PassedJobs {
  /** Returns what is known of a job in the run that its own goes on from. A merge is not looked at: who makes it can tell what it is. */
  find(job: AskedJob, from: GoOnFrom | undefined): Promise<Known>;
  /** Keeps that a job of a run has passed. `run`: workflow id. Never rejects: it has, whether or not that can be kept. */
  note(job: AskedJob, run: string, passed: Passed): Promise<void>;
  /** Forgets it: the run has run the job once more, and it has not passed. Never rejects. */
  forget(job: AskedJob, run: string): Promise<void>;
}

/** Hashes of what a job's result depends on, beside its merge. Stored: they stay as they are made. */
const marksSchema = z.object({
  commit: z.string(),
  trust: z.string(),
  runner: z.string(),
  options: z.string(),
  environment: z.string(),
  steps: z.string(),
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
  }),
});

/** What {@link createPassedJobs} works with. */
export interface PassedJobsDeps {
  readonly config: Pick<Config, 'jobs'>;
  readonly records: Pick<RecordStore, 'get' | 'upsert' | 'remove'>;
  readonly log: Pick<Logger, 'warn'>;
}

/** Returns the book of passed jobs that the store keeps. */
export function createPassedJobs({ config, records, log }: PassedJobsDeps): PassedJobs {
  const marksOf = (job: AskedJob, steps: PassedJob['steps']) => marksAt(runnerFor(config, job), job, steps);
  return {
    async find(job, from) {
      const { run, written } = from ?? {};
      // Runs that an older version started do not tell their steps as they were written.
      if (run === undefined || !written) return { kind: 'unknown' };
      const row = await records.get(PASSED_JOBS, keyOf(job, run));
      const known = passedSchema.safeParse(row?.data).data;
      if (!known) return { kind: 'unknown' };
      const now = marksOf(job, written);
      const changed = marksSchema.keyof().options.find((name) => now[name] !== known.of[name]);
      if (changed) return { kind: 'changed', run, because: `${CHANGED[changed]} changed` };
      const passed = { ...(known.passed as unknown as Omit<Passed, 'steps'>), steps: written };
      if (passed.durationMs <= job.timeoutMs) return { kind: 'passed', run, passed };
      return { kind: 'changed', run, because: 'it took longer than its timeout is now' };
    },
    async note(job, run, { steps, ...passed }) {
      const { source, repository } = job.checkout;
      const data = { source, repository, of: marksOf(job, steps), passed };
      await records
        .upsert({ collection: PASSED_JOBS, key: keyOf(job, run), version: Date.now(), data, run })
        .catch((error) => log.warn({ err: error, run, job: job.name }, 'it could not be kept that a job has passed'));
    },
    async forget(job, run) {
      const key = keyOf(job, run);
      try {
        const row = await records.get(PASSED_JOBS, key);
        if (row) await records.remove({ collection: PASSED_JOBS, key, version: row.version });
      } catch (error) {
        log.warn({ err: error, run, job: job.name }, 'it could not be forgotten that a job has passed before');
      }
    },
  };
}

function marksAt(runner: RunnerKind, { checkout, env, trust }: AskedJob, steps: PassedJob['steps']): Marks {
  // When the run began is none of what it builds.
  const { since: _, options = {}, untrusted, queued, ...commit } = checkout;
  return {
    commit: hash(commit),
    trust: hash([untrusted === true, queued === true, isTrusted(checkout), trust === true]),
    runner,
    options: hash(options),
    environment: hash(env),
    steps: hash(steps),
  };
}

/** Returns the same for what is the same, in whatever order it was written. */
function hash(value: unknown): string {
  const sorted = (_: string, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one;
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex');
}

/** `source#…`: by that what is to be forgotten of a source is found. */
function keyOf({ name, nth = 1, checkout }: AskedJob, run: string): string {
  return `${checkout.source}#${hash([run, name, nth]).slice(0, 40)}`;
}

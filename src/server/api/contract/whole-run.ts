import { z } from 'zod';
import { listedArtifact } from './artifacts.js';
import { isoTime, list, milliseconds, unixMs, yes } from './fields.js';
import { laneMode } from './lanes.js';
import { failingLine } from './logs.js';
import { runState } from './run-state.js';
import { listedRun } from './runs.js';
import { stepResult } from './steps.js';

export const cacheResult = z
  .object({
    key: z.string().exactOptional().describe('absent where it could not be found out'),
    hit: z.enum(['exact', 'older', 'none']).describe('older: what was restored is what "restoreKeys" has brought'),
    restored: z.object({ key: z.string(), bytes: z.number(), durationMs: milliseconds }).exactOptional(),
    saved: z.object({ bytes: z.number(), durationMs: milliseconds }).exactOptional(),
    because: z.string().exactOptional().describe('why it was not used'),
  })
  .describe('What became of a cache of a job: sizes are as packed.');

/** See {@link cacheResult}. */
export type ShownCache = z.output<typeof cacheResult>;

export const reportedStatus = z
  .object({
    context: z.string().describe('what it is called on the commit'),
    state: z.enum(['pending', 'success', 'failure', 'error', 'skipped']),
    description: z.string().describe('before it is cut to what the provider takes'),
    sha: z.string(),
    notWritten: z
      .string()
      .exactOptional()
      .describe('why it stands not on the commit, although nothing went wrong: a newer run has said more, for example'),
  })
  .describe('A commit status, as a run reports it.');

/** See {@link reportedStatus}. */
export type ReportedStatus = z.output<typeof reportedStatus>;

export const timelineEntry = z
  .object({
    kind: z
      .enum(['queue', 'prepare', 'step', 'wait', 'status', 'activity'])
      .describe(
        'queue: a job waits for a slot. prepare: its checkout. step: of a job. wait: for a person, a lane or an event. status: it is reported on a commit.',
      ),
    name: z.string().describe('what it is called in Temporal'),
    job: z.string().exactOptional().describe('of a job: its name, which is that of its log'),
    number: z.number().exactOptional().describe("of a step: which of its job's it is, from 1"),
    line: z.number().exactOptional().describe("of a step: the line of its job's log at which it begins"),
    startedAt: isoTime,
    endedAt: isoTime.exactOptional().describe('absent while it goes on'),
    state: z
      .enum(['running', 'passed', 'failed', 'cancelled', 'skipped', 'unknown'])
      .describe('unknown: its run has ended, and more has happened there than is read'),
    attempt: z.number().exactOptional().describe('of an activity: how often it was tried'),
    because: z.string().exactOptional().describe('why it did not pass'),
    status: reportedStatus.exactOptional().describe('of a status: what is reported'),
    step: stepResult.exactOptional().describe('of a step: what it came to'),
    summary: z
      .string()
      .exactOptional()
      .describe(
        'of a step: what its last attempt wrote to $HOOKYARD_SUMMARY, as Markdown, and of a job that passed in the run before, what its steps did there; of all steps, 64,000 characters are kept',
      ),
    runner: z.string().exactOptional().describe('of a job: where its steps ran, in words, once it has ended'),
    caches: list(cacheResult).exactOptional().describe("of a job's checkout, once the job has ended"),
  })
  .describe('Something that a run did, or waited for.');

/** See {@link timelineEntry}. */
export type TimelineEntry = z.output<typeof timelineEntry>;

export const wholeRunAnswer = z
  .object({
    run: z.string().describe('workflow id'),
    state: runState,
    about: listedRun
      .exactOptional()
      .describe('absent before it has begun, and where Temporal does not know it any more'),
    delivery: z
      .string()
      .exactOptional()
      .describe("Hookyard's id of the delivery that asked for it; absent where none did, or it is not kept any more"),
    automation: z.string().exactOptional().describe('absent where the delivery is'),
    inLane: z
      .object({
        lane: z.string().describe("the lane's own name"),
        title: z.string(),
        mode: laneMode,
        by: z.string().exactOptional().describe('who has paused or drained it'),
        reason: z.string().exactOptional().describe('why'),
        state: z
          .enum(['runs', 'aside', 'waits'])
          .describe(
            'aside: it has no slot for now, and keeps its place: it waits for a person, or for more of the same',
          ),
        since: unixMs.describe('Unix ms: since when it is in the lane'),
        changedAt: unixMs.describe('Unix ms: since when it is in this state'),
        place: z.number().exactOptional().describe('of one that waits: 1 is the next'),
        after: z
          .string()
          .exactOptional()
          .describe('of one that waits: the run that is before it, or that has the slot'),
        until: unixMs.exactOptional().describe('it waits for more of the same until then, and has no place yet'),
      })
      .exactOptional()
      .describe('how it stands in its lane; absent where it is in none, has ended, or shares the slot of another run'),
    artifacts: list(listedArtifact).exactOptional().describe('what it has kept, and has not expired'),
    jobs: list(z.string()).describe('names of its jobs that have written anything'),
    timeline: list(timelineEntry)
      .exactOptional()
      .describe(
        'what it has done and waited for, in the order in which it began; absent where Temporal does not tell in time',
      ),
    failing: failingLine
      .extend({ job: z.string(), text: z.string().describe('the line, without codes for colours') })
      .exactOptional()
      .describe(
        'of a run that has failed: what the log of its first failed job says; absent where no line reads so, or tests say it',
      ),
    timelineIsCut: yes
      .exactOptional()
      .describe('it has done more: of that, what failed and what goes on is kept, and all else as it began'),
  })
  .describe('What a run is about, and all of its state.');

/** See {@link wholeRunAnswer}. */
export type WholeRunAnswer = z.output<typeof wholeRunAnswer>;

import { z } from 'zod';
import { RUN_OUTCOMES } from '../../../events/run-outcome.js';
import { WAITING_FOR } from '../../../runs/search-attributes.js';
import { isoTime, list, yes } from './fields.js';

export const runStatus = z
  .enum([
    ...(['waiting', 'running', 'completed', 'failed', 'cancelled', 'terminated', 'timed out'] as const),
    ...(['failed to start', 'superseded', 'refused', 'forgotten', 'unknown'] as const),
  ])
  .describe(
    'waiting: not started yet. superseded, refused: by its lane, so that it never begins. failed to start: Temporal refused it for good. forgotten: Temporal had it and keeps it no longer. unknown: Temporal did not answer in time.',
  );

/** See {@link runStatus}. */
export type RunStatus = z.output<typeof runStatus>;

export const listedRun = z
  .object({
    run: z.string().describe('workflow id'),
    runId: z.string().describe("Temporal's id of it"),
    automation: z.string(),
    status: runStatus,
    outcome: z
      .enum(RUN_OUTCOMES)
      .exactOptional()
      .describe(
        'how it has ended; absent of one that is open, and of one that completed under a version which did not tell',
      ),
    waitsFor: z.enum(WAITING_FOR).exactOptional().describe('what it waits for, before its own work begins'),
    repository: z.string().exactOptional(),
    branch: z.string().exactOptional(),
    commit: z.string().exactOptional(),
    pullRequest: z.number().exactOptional(),
    source: z.string().exactOptional(),
    delivery: z.string().exactOptional().describe("Hookyard's id of the delivery"),
    lane: z.string().exactOptional().describe('the title of the lane that it has entered last'),
    startedBy: z.string().exactOptional().describe('workflow id of the run that has started it'),
    startedAt: isoTime,
    endedAt: isoTime.exactOptional(),
    url: z.string().exactOptional().describe('its page in the Temporal UI'),
  })
  .describe('A run as it is listed.');

/** See {@link listedRun}. */
export type ListedRun = z.output<typeof listedRun>;

export const waitingRun = listedRun
  .pick({ run: true, automation: true, repository: true, branch: true, commit: true, pullRequest: true })
  .extend({
    ...listedRun.pick({ source: true, delivery: true }).shape,
    since: isoTime.describe('when its delivery was received'),
  })
  .describe('A run that waits in a lane to begin: Temporal does not know it yet.');

/** See {@link waitingRun}. */
export type WaitingRun = z.output<typeof waitingRun>;

export const runsAnswer = z
  .object({
    runs: list(listedRun),
    notBegun: list(waitingRun)
      .exactOptional()
      .describe(
        'on the first page of those that wait for a lane, or for anything: those that wait to begin, the oldest first',
      ),
    moreNotBegun: z.literal(true).exactOptional().describe('there are more of those than "limit"'),
    next: z.string().exactOptional().describe('the "page" of the next page; absent on the last one'),
  })
  .describe('A page of runs: first those that are open, newest first, then the others by their end.');

/** See {@link runsAnswer}. */
export type RunsAnswer = z.output<typeof runsAnswer>;

export const namedRunAnswer = z
  .object({ run: z.string().describe('workflow id') })
  .describe('The run that a name means.');

/** See {@link namedRunAnswer}. */
export type NamedRunAnswer = z.output<typeof namedRunAnswer>;

export const cancelAnswer = z
  .object({
    runs: list(z.string()).describe('workflow ids'),
    failed: list(z.string()).exactOptional().describe('those that could not be cancelled: to be asked for again'),
    because: z
      .string()
      .exactOptional()
      .describe('why those could not be, or why it is not known which others there are'),
    next: z.string().exactOptional().describe('the "page" of the next call; absent when there are no more'),
  })
  .describe('What this call has cancelled, or would.');

/** See {@link cancelAnswer}. */
export type CancelAnswer = z.output<typeof cancelAnswer>;

export const rerunAnswer = z
  .object({
    run: z.string().describe('workflow id of the new run'),
    rerunOf: z.string().describe('workflow id of the run that it repeats'),
    delivery: z.string().describe("Hookyard's id of the delivery"),
    duplicate: yes.exactOptional().describe('it had been asked for before, with the same "once"'),
  })
  .describe('A run was asked for once more.');

/** See {@link rerunAnswer}. */
export type RerunAnswer = z.output<typeof rerunAnswer>;

export const manualRunAnswer = z
  .object({
    delivery: z.string().describe("Hookyard's id of the delivery that the run is stored as"),
    run: z.string().describe('workflow id'),
    duplicate: yes.exactOptional().describe('the run was asked for before, by the same id'),
  })
  .describe('A run was asked for by hand.');

/** See {@link manualRunAnswer}. */
export type ManualRunAnswer = z.output<typeof manualRunAnswer>;

export const stuckRun = z
  .object({
    run: z.string().describe('workflow id'),
    automation: z.string(),
    since: isoTime.describe('when it was started'),
    because: z.string(),
    helps: z.string().describe('what a person can do'),
    url: z.string().exactOptional().describe('its page in the Temporal UI'),
  })
  .describe('A run that does not go on by itself, and why.');

/** See {@link stuckRun}. */
export type StuckRun = z.output<typeof stuckRun>;

export const stuckRunsAnswer = z
  .object({
    runs: list(stuckRun),
    complete: z.boolean().describe('false if there are more runs than were looked at'),
  })
  .describe('Runs that do not go on by themselves.');

/** See {@link stuckRunsAnswer}. */
export type StuckRunsAnswer = z.output<typeof stuckRunsAnswer>;

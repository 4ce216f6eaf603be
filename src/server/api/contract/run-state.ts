import { z } from 'zod';
import { shownApproval } from './approvals.js';
import { isoTime, list, unixMs, yes } from './fields.js';
import { listedRun, runStatus } from './runs.js';

export const retriedActivity = z
  .object({
    activity: z.string().describe('its name'),
    attempts: z.number().describe('that have failed'),
    error: z.string().describe('of the last one'),
    next: isoTime.exactOptional().describe('when it is tried again; absent while it is'),
  })
  .describe("A part of a run's work that failed, and is tried again.");

/** See {@link retriedActivity}. */
export type RetriedActivity = z.output<typeof retriedActivity>;

export const ledToRun = listedRun
  .pick({ run: true, automation: true, status: true, outcome: true })
  .extend({ by: z.string().describe('the workflow id of the run that has started it') })
  .describe('A run that another has started.');

/** See {@link ledToRun}. */
export type LedToRun = z.output<typeof ledToRun>;

export const shownWait = z
  .object({
    title: z.string(),
    since: unixMs,
    ends: yes.exactOptional().describe('the event ends the run'),
    until: unixMs.exactOptional().describe('Unix ms; absent where the event would end the run'),
  })
  .describe('What an open run waits for.');

/** See {@link shownWait}. */
export type ShownWait = z.output<typeof shownWait>;

export const runState = z
  .object({
    status: runStatus,
    result: z
      .unknown()
      .exactOptional()
      .describe('what the run returned, once it has completed, or a build of it has failed'),
    outcome: z.string().exactOptional().describe('of the result, if it has one: whether its builds passed'),
    because: z.string().exactOptional().describe('why it has the outcome that its author has set'),
    troubles: list(z.string())
      .exactOptional()
      .describe('what went wrong although the run completed, a commit status that was refused for example'),
    error: z
      .string()
      .exactOptional()
      .describe(
        "why it failed, was cancelled, was set aside, or can't go on. Where a build did not pass, it has the last lines of its output on lines of their own.",
      ),
    waitsForApproval: z
      .string()
      .exactOptional()
      .describe('the commit from a fork that it waits with, until somebody approves it'),
    approvals: list(shownApproval).exactOptional().describe('those that it has asked for, the oldest first'),
    standing: z
      .string()
      .exactOptional()
      .describe('how it waits in its lane, or by which run it was superseded before it began, in words'),
    waitsForAway: z.string().exactOptional().describe('why it waits for what is away, a Git provider for example'),
    retried: list(retriedActivity).exactOptional().describe('what it has begun, that failed, and that is tried again'),
    ledTo: list(ledToRun)
      .exactOptional()
      .describe(
        'runs that it has started, children and those that follow it in a chain, and theirs; only where one run is asked for',
      ),
    waitsFor: list(shownWait)
      .exactOptional()
      .describe('events that it waits for, and those that end it, while it is open'),
    url: z.string().exactOptional().describe('its page in the Temporal UI'),
  })
  .describe('How a run stands.');

/** See {@link runState}. */
export type RunState = z.output<typeof runState>;

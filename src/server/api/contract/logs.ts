import { z } from 'zod';
import { list, unixMs, yes } from './fields.js';

export const logLine = z
  .object({
    number: z.number().describe('counts up from 1 within a job, over attempts'),
    at: unixMs,
    stream: z.enum(['stdout', 'stderr', 'note']).describe('note: what Hookyard itself has to say'),
    step: z.string().exactOptional(),
    attempt: z.number(),
    text: z.string(),
  })
  .describe('A line of output.');

const range = { from: z.number(), to: z.number() };

export const logRange = z.object(range).describe('Lines of a job by their numbers, both included.');

export const logExtent = z
  .object({ first: z.number(), last: z.number() })
  .describe("The numbers of a job's first and last line.");

export const logsAnswer = z
  .object({
    jobs: list(z.string()).describe("names of the run's jobs that have written anything"),
    lines: list(logLine).describe('of the job that was asked for'),
  })
  .describe("Lines of a job's output.");

/** See {@link logsAnswer}. */
export type LogsAnswer = z.output<typeof logsAnswer>;

export const logSearchAnswer = z
  .object({
    ...range,
    lines: list(logLine),
    count: z.number().describe('how many lines were found there, also those that are not listed'),
    next: z.number().exactOptional().describe('where to look on; absent where all lines have been looked at'),
  })
  .describe('What was found in the lines "from" to "to".');

/** See {@link logSearchAnswer}. */
export type LogSearchAnswer = z.output<typeof logSearchAnswer>;

export const logStep = z
  .object({
    number: z.number().describe("which of the job's steps it is, from 1"),
    name: z.string(),
    attempt: z.number().describe('above 1 where it ran again'),
    from: z.number(),
    to: z.number().exactOptional().describe('its last line; absent while it runs, or where nobody saw it end'),
    startedAt: unixMs,
    endedAt: unixMs.exactOptional(),
    state: z.enum(['running', 'passed', 'failed', 'stopped']),
    said: z.string().exactOptional().describe('how it ended, in words'),
  })
  .describe('A step of a job, as its log tells of it.');

/** See {@link logStep}. */
export type LogStep = z.output<typeof logStep>;

export const failingLine = z
  .object({
    line: z.number(),
    by: z
      .enum(['marked', 'error', 'end'])
      .describe(
        'marked: it names a failing test, or a place and what is wrong there. error: it reads like an error. end: the last one.',
      ),
    step: z.string(),
  })
  .describe('Where a job went wrong.');

/** See {@link failingLine}. */
export type FailingLine = z.output<typeof failingLine>;

export const logPiece = z
  .object({
    text: z.string(),
    style: z.string().exactOptional().describe("classes of the page's style sheet"),
    href: z.string().exactOptional().describe('a web address that it leads to'),
  })
  .describe('A part of a line that looks alike.');

/** See {@link logPiece}. */
export type LogPiece = z.output<typeof logPiece>;

export const shownLine = logLine
  .extend({
    pieces: list(logPiece).exactOptional().describe('absent where the text holds no control characters'),
    error: yes.exactOptional().describe('it reads like an error'),
  })
  .describe('A line of output, and how terminals show it.');

/** See {@link shownLine}. */
export type ShownLine = z.output<typeof shownLine>;

export const logGroup = z
  .object({ ...range, title: z.string(), open: z.boolean().describe('whether it is shown at once') })
  .describe('Lines under a heading, both included; the first is the one that has it.');

/** See {@link logGroup}. */
export type LogGroup = z.output<typeof logGroup>;

export const logLook = z
  .object({
    ...range,
    kind: z.enum(['text', 'failure']).describe('failure: the next line that reads like an error'),
    text: z.string().exactOptional(),
    line: z.number().exactOptional().describe('the one that was found'),
    count: z.number().describe('how many were found from "from" to "to"'),
    next: z.number().exactOptional().describe('where to look on; absent where all lines have been looked at'),
    total: z
      .object({
        count: z.number(),
        place: z.number().exactOptional().describe('which of them "line" is, from 1'),
        isLeast: yes.exactOptional().describe('there may be more: only the first 200,000 lines were counted'),
      })
      .exactOptional()
      .describe('of a text: how many lines of the whole log hold it'),
  })
  .describe('How far somebody has looked, and for what.');

/** See {@link logLook}. */
export type LogLook = z.output<typeof logLook>;

export const logAnswer = z
  .object({
    run: z.string().describe('workflow id'),
    job: z.string(),
    jobs: list(z.string()).describe("names of the run's jobs that have written anything"),
    open: z.boolean().describe('whether more may be written'),
    extent: logExtent.exactOptional().describe('absent where nothing is kept'),
    steps: list(logStep).describe('in the order in which they began'),
    failing: failingLine
      .exactOptional()
      .describe('where it went wrong; absent where the lines after or before a number were asked for'),
    at: logRange.exactOptional().describe('the lines that it is opened at'),
    lines: list(shownLine),
    groups: list(logGroup).describe('parts of these lines that the output itself puts under a heading'),
    search: logLook.exactOptional().describe('what was looked for'),
  })
  .describe("The part of a job's log that is looked at first, or that was asked for.");

/** See {@link logAnswer}. */
export type LogAnswer = z.output<typeof logAnswer>;

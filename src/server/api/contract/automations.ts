import { z } from 'zod';
import { feedAddresses } from './feeds.js';
import { isoTime, list, milliseconds, yes } from './fields.js';
import { listedRun } from './runs.js';

export const shownInput = z
  .object({
    name: z.string(),
    type: z.enum(['string', 'number', 'boolean', 'choice']),
    choices: list(z.string()).exactOptional().describe('what can be chosen'),
    default: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
    optional: yes.exactOptional(),
    description: z.string().exactOptional(),
  })
  .describe('An input of a manual trigger.');

/** See {@link shownInput}. */
export type ShownInput = z.output<typeof shownInput>;

export const runStatistics = z
  .object({
    open: z.number().describe('that have not ended'),
    counted: z.number().describe('that have ended in what counts: passed, failed, or an error'),
    passed: z.number().describe('of those, that passed'),
    p50Ms: milliseconds
      .exactOptional()
      .describe('how long those took from their start to their end, waits included; absent if there are none'),
    p95Ms: milliseconds.exactOptional(),
    last: listedRun.exactOptional().describe('the one that ended last; absent if none has'),
  })
  .describe("How an automation's last runs went: of the last 30 days, 100 at most.");

/** See {@link runStatistics}. */
export type RunStatistics = z.output<typeof runStatistics>;

export const shownSchedule = z
  .object({
    cron: z.string(),
    timezone: z.string().exactOptional(),
    next: list(isoTime).describe('none of one that is paused, or that no worker has made yet'),
    paused: yes.exactOptional(),
  })
  .describe('A Schedule in Temporal.');

/** See {@link shownSchedule}. */
export type ShownSchedule = z.output<typeof shownSchedule>;

export const shownAutomation = z
  .object({
    name: z.string(),
    file: z.string().describe('its module'),
    triggers: list(z.string()).describe('what starts it, in words'),
    inputs: list(shownInput)
      .exactOptional()
      .describe('what it is given when somebody starts it; absent where nobody can'),
    recent: runStatistics.exactOptional().describe('absent where Temporal does not answer, or not in time'),
    schedules: list(shownSchedule).exactOptional().describe('when its cron triggers start it'),
  })
  .describe('An automation: what starts it, and how its last runs went.');

/** See {@link shownAutomation}. */
export type ShownAutomation = z.output<typeof shownAutomation>;

const away = z.string().exactOptional().describe('why nothing is known of their runs and Schedules');

export const automationsAnswer = z
  .object({
    automations: list(shownAutomation),
    next: z.string().exactOptional().describe('the "after" of the next page; absent on the last'),
    away,
  })
  .describe('The automations that the server has loaded, by name.');

/** See {@link automationsAnswer}. */
export type AutomationsAnswer = z.output<typeof automationsAnswer>;

export const automationAnswer = shownAutomation
  .extend({
    runs: list(listedRun)
      .exactOptional()
      .describe('the last runs, the open ones first; absent where Temporal does not answer'),
    away,
    addresses: feedAddresses,
  })
  .describe('An automation with its last runs.');

/** See {@link automationAnswer}. */
export type AutomationAnswer = z.output<typeof automationAnswer>;

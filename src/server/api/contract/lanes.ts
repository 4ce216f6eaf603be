import { z } from 'zod';
import { list, unixMs, yes } from './fields.js';

export const laneMode = z
  .enum(['open', 'paused', 'draining'])
  .describe('open: lets on. paused: lets nobody on. draining: takes nobody more, and lets on who waits.');

const laneEntry = z.object({
  workflowId: z.string(),
  automation: z.string(),
  state: z.enum(['runs', 'aside', 'waits']),
  since: unixMs.describe('Unix ms: since when it is in the lane'),
  changedAt: unixMs.describe('Unix ms: since when it is in this state'),
  priority: z.number(),
  limit: z.number(),
  endsFor: z.string().exactOptional().describe('it was told to end for the sake of this run'),
  until: unixMs.exactOptional().describe('Unix ms: until then it waits for more of the same, and has no place yet'),
  movedBy: z.string().exactOptional().describe('who put it ahead'),
  moveReason: z.string().exactOptional(),
});

export const laneRecord = z
  .object({
    lane: z.string(),
    title: z.string(),
    mode: laneMode,
    by: z.string().exactOptional().describe('of the last change of mode'),
    reason: z.string().exactOptional(),
    changedAt: unixMs.exactOptional(),
    entries: list(laneEntry).describe('those that run first, then those that stepped aside, then those that wait'),
  })
  .describe('A lane, and who is in it.');

export const lanesAnswer = z
  .object({
    lanes: list(laneRecord),
    next: z.string().exactOptional().describe('the "after" of the next page; absent on the last one'),
  })
  .describe('A page of lanes, by title.');

/** See {@link lanesAnswer}. */
export type LanesAnswer = z.output<typeof lanesAnswer>;

export const laneChangeAnswer = z
  .object({
    lane: z.string(),
    title: z.string(),
    mode: laneMode,
    ahead: yes.exactOptional().describe('nobody was in it yet: it is so once the first enters'),
  })
  .describe('A lane was paused, drained or opened.');

/** See {@link laneChangeAnswer}. */
export type LaneChangeAnswer = z.output<typeof laneChangeAnswer>;

export const laneMoveAnswer = z
  .object({ run: z.string().describe('workflow id of the run that is the next now') })
  .describe('A run was put ahead of those that wait.');

/** See {@link laneMoveAnswer}. */
export type LaneMoveAnswer = z.output<typeof laneMoveAnswer>;

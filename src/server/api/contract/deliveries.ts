import { z } from 'zod';
import type { HookyardEvent } from '../../../events/event.js';
import type { Verdict } from '../../../triggers/verdict.js';
import { list, unixMs, yes } from './fields.js';
import { runState } from './run-state.js';

/** `POST /webhooks/<source>`, 202. A repeat is answered with what the first delivery was. */
export interface DeliveryAnswer {
  /** Our id. */
  readonly delivery: string;
  readonly duplicate?: true;
  /** What a duplicate has in common with the first delivery. */
  readonly repeats?: 'key' | 'body' | 'event';
  /** The events, in words. */
  readonly event?: string;
  /** Why nothing was started. */
  readonly ignored?: string;
  /** That not all refs of a push were read, in words. */
  readonly leftOut?: string;
  /** All of them, or only those that start something where very many were filtered. */
  readonly verdicts: readonly AnsweredVerdict[];
  /** How many verdicts were filtered, where they are left out. */
  readonly filtered?: number;
  /** Workflow ids. */
  readonly runs: readonly string[];
}

/** A verdict as the sender reads it. */
export interface AnsweredVerdict {
  readonly automation: string;
  readonly outcome: 'start' | 'skip' | 'filtered';
  readonly because: string;
  /** Workflow id. */
  readonly run?: string;
}

/** The type says more than the schema: each kind of event has fields of its own, which docs/automations.md tells. */
export const deliveredEvent = z
  .looseObject({
    kind: z.string().describe('push, pull_request, comment …, or generic'),
    source: z.string(),
    provider: z.string(),
    deliveryId: z.string(),
    receivedAt: z.string(),
  })
  .describe(
    'What a delivery says, in the words of Hookyard. Each kind has further fields.',
  ) as unknown as z.ZodType<HookyardEvent>;

export const shownVerdict = z
  .looseObject({
    automation: z.string(),
    outcome: z.enum(['start', 'skip', 'filtered']),
    because: z.string(),
    workflowId: z.string().exactOptional().describe('of the run; absent of one that is filtered'),
    part: z.number().exactOptional().describe("which of the delivery's events it is about, from 0; absent: the first"),
  })
  .describe('What becomes of one event and one automation.') as unknown as z.ZodType<Verdict>;

export const dispatchRecord = z
  .object({
    workflowId: z.string(),
    automation: z.string(),
    state: z
      .enum(['pending', 'done', 'failed', 'waiting', 'superseded', 'refused'])
      .describe('waiting: for its turn in its lane. superseded, refused: by its lane, so that it never begins.'),
    attempts: z.number(),
    runId: z.string().exactOptional(),
    error: z.string().exactOptional().describe('of the last attempt that did not succeed'),
    place: z.number().exactOptional().describe('of one that waits in a lane: 1 is the next'),
    until: unixMs.exactOptional().describe('Unix ms: until then it waits for more of the same, and has no place yet'),
    supersededBy: z.string().exactOptional().describe('the workflow id of the run that has taken its place'),
    because: z.string().exactOptional().describe('why it was refused, in words'),
    once: z.string().exactOptional().describe('of one that was asked for again: the "once" that it was asked for with'),
  })
  .describe('A start that a delivery asks for, and how it went.');

const givenTo = z.object({
  workflowId: z.string(),
  title: z.string().describe('what it waited for, in words'),
  part: z.number(),
  at: unixMs,
  ends: yes.exactOptional().describe('the run ends by it'),
});

export const deliveryRecord = z
  .object({
    id: z.string().describe("Hookyard's own"),
    source: z.string(),
    key: z.string().describe("the provider's id of the delivery"),
    eventName: z.string().describe("the provider's own name for the event"),
    receivedAt: unixMs,
    headers: z.record(z.string(), z.string()).describe('those that tell where its webhook stands; the content has all'),
    events: list(deliveredEvent),
    ignored: z.string().exactOptional().describe('why nothing was matched'),
    verdicts: list(shownVerdict),
    bodyBytes: z.number(),
    bodyDeleted: yes.exactOptional().describe('the body was large, and has been deleted before the rest'),
    dispatches: list(dispatchRecord),
    given: list(givenTo).exactOptional().describe('runs that waited for it; absent if there are none'),
  })
  .describe('A stored delivery, without its body.');

export const deliveriesAnswer = z
  .object({
    deliveries: list(deliveryRecord),
    next: z.number().exactOptional().describe('the "before" of the next page (Unix ms); absent on the last one'),
    searched: z
      .literal('in part')
      .exactOptional()
      .describe('not all that came earlier was searched: more may be found from "next" on'),
    limited: z
      .object({ count: z.number(), last: unixMs })
      .exactOptional()
      .describe(
        'how many deliveries of the source that was asked for this server has refused for its limit, and when the last one; absent if none within the last hour',
      ),
  })
  .describe('A page of deliveries, newest first.');

/** See {@link deliveriesAnswer}. */
export type DeliveriesAnswer = z.output<typeof deliveriesAnswer>;

export const deliveryContent = z
  .object({
    headers: z.record(z.string(), z.string()),
    body: z.string().exactOptional().describe('JSON is indented; absent where the body is not kept any more'),
    isCut: yes.exactOptional().describe('the body has more text than is shown'),
  })
  .describe('What was sent, without the secrets that are known.');

/** See {@link deliveryContent}. */
export type DeliveryContent = z.output<typeof deliveryContent>;

export const difference = z
  .object({
    path: z
      .string()
      .describe('commits[0].author.name, labels[name=bug].color; of a list of plain values topics[]; empty: the whole'),
    before: z.string().exactOptional().describe('JSON, its beginning where it is long; absent for what was added'),
    after: z.string().exactOptional().describe('as "before"; absent for what was removed'),
  })
  .describe('A place in which two values differ.');

/** See {@link difference}. */
export type Difference = z.output<typeof difference>;

export const differences = z
  .object({
    shown: list(difference).describe('in the order in which they stand there, 200 at most'),
    more: z.number().exactOptional().describe('how many differ that are not shown'),
    isCut: yes.exactOptional().describe('both hold so many values that only the beginnings were compared'),
  })
  .describe('What differs between two values.');

/** See {@link differences}. */
export type Differences = z.output<typeof differences>;

export const deliveryDiff = z
  .object({
    with: z
      .object({ id: z.string(), receivedAt: unixMs })
      .exactOptional()
      .describe('the one that it is compared with; absent if there is none'),
    because: z
      .string()
      .exactOptional()
      .describe('why there is nothing to compare, or bodies are not compared, in words'),
    headers: differences.exactOptional(),
    body: differences.exactOptional(),
  })
  .describe(
    'How a delivery differs from the one before it of the same source, event, action and repository; one that was edited, from the one that it was made of.',
  );

/** See {@link deliveryDiff}. */
export type DeliveryDiff = z.output<typeof deliveryDiff>;

export const shownDispatch = dispatchRecord
  .extend({ run: runState })
  .describe('What a delivery asked to start, with the state of its run.');

/** See {@link shownDispatch}. */
export type ShownDispatch = z.output<typeof shownDispatch>;

export const shownDelivery = deliveryRecord
  .extend({
    verifiedBy: z
      .string()
      .exactOptional()
      .describe('how deliveries of its source are verified, where the source is still configured'),
    dispatches: list(shownDispatch),
    content: deliveryContent.exactOptional().describe('where it is asked for'),
    diff: deliveryDiff.exactOptional().describe('where it is asked for'),
  })
  .describe('A delivery with the states of its runs.');

/** See {@link shownDelivery}. */
export type ShownDelivery = z.output<typeof shownDelivery>;

export const replayAnswer = z
  .object({
    delivery: z.string().describe("Hookyard's id of the delivery"),
    runs: list(z.string()).describe('workflow ids of the new runs'),
    duplicate: yes.exactOptional().describe('they had been asked for before, with the same "once"'),
  })
  .describe('A delivery was started again.');

/** See {@link replayAnswer}. */
export type ReplayAnswer = z.output<typeof replayAnswer>;

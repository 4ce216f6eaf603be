import { z } from 'zod';
import { deliveredEvent, differences, shownVerdict } from './deliveries.js';
import { list, yes } from './fields.js';

export const explainedPayload = z
  .object({
    eventName: z.string().describe("the provider's own name for the event"),
    says: z.string().exactOptional().describe('what it says, in words'),
    events: list(deliveredEvent),
    ignored: z.string().exactOptional().describe('why nothing is matched'),
    leftOut: z.string().exactOptional().describe('that not all refs of a push are read, in words'),
    verdicts: list(shownVerdict),
  })
  .describe('What becomes of a payload.');

/** See {@link explainedPayload}. */
export type ExplainedPayload = z.output<typeof explainedPayload>;

export const editableAnswer = z
  .object({
    delivery: z.string().describe("Hookyard's id of the delivery"),
    source: z.string(),
    eventName: z.string().describe("the provider's own name for the event: it stays as it is"),
    text: z
      .string()
      .describe('the body, JSON with a line for each value, and *** in the place of secrets that are known'),
  })
  .describe('What of a delivery can be edited.');

/** See {@link editableAnswer}. */
export type EditableAnswer = z.output<typeof editableAnswer>;

export const editAnswer = z
  .object({
    delivery: z.string().describe("Hookyard's id of the delivery that was edited"),
    source: z.string(),
    changed: differences.describe('what the payload differs in'),
    normalised: differences.describe('what it differs in once it is normalised'),
    original: explainedPayload.describe('of what was received, by the automations as they are now'),
    edited: explainedPayload,
    refused: z.string().exactOptional().describe("why it can't be started, in words; absent where it can"),
    once: z.string().describe('given with the same payload, it starts that once, however often it is sent'),
  })
  .describe('What would become of an edited payload. Nothing is stored or started.');

/** See {@link editAnswer}. */
export type EditAnswer = z.output<typeof editAnswer>;

/** What the page shows of an edited payload: what can be edited, what was sent, and what would become of that. */
export interface EditViewAnswer extends EditableAnswer {
  /** As it was sent; absent where nobody has sent any. */
  readonly payload?: string;
  readonly judged?: EditAnswer;
  /** Why it could not be judged, in words. */
  readonly problem?: string;
}

export const startEditedAnswer = z
  .object({
    delivery: z.string().describe("Hookyard's id of the new delivery"),
    from: z.string().describe("Hookyard's id of the one that was edited"),
    runs: list(z.string()).describe('workflow ids'),
    duplicate: yes.exactOptional().describe('it had been started before, by the same "once"'),
  })
  .describe('An edited payload was started as a delivery of its own.');

/** See {@link startEditedAnswer}. */
export type StartEditedAnswer = z.output<typeof startEditedAnswer>;

import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type AcceptingInbox, accept } from '../../../intake/accept.js';
import { type Delivery, NO_WINDOW } from '../../../intake/delivery.js';
import { type ExplainedDecision, explainDecision } from '../../../intake/explain-decision.js';
import { askedFor } from '../../../intake/not-superseding.js';
import { maskData } from '../../../secrets/mask-values.js';
import { asksForRun } from '../../../triggers/verdict.js';
import { HttpError } from '../../http/http-error.js';
import { differencesOf } from '../compare/differences.js';
import { valueOfBody } from '../compare/value-of-body.js';
import type { EditAnswer, EditableAnswer, EditViewAnswer, StartEditedAnswer } from '../contract.js';
import type { DeliveryName } from '../find-delivery.js';
import { hidden } from '../hidden.js';
import { onceSchema } from '../query.js';
import { type DecidedPayload, type DecideEditedDeps, decideEdited } from './decide-edited.js';
import { type OpenDeliveryDeps, openDelivery } from './open-delivery.js';

/** What editing works with. */
export interface EditDeps extends OpenDeliveryDeps, DecideEditedDeps {
  readonly inbox: OpenDeliveryDeps['inbox'] & AcceptingInbox;
  /** Called when there is something to start. */
  readonly wake: () => void;
}

/** What was edited, by whom. */
export interface EditAsked extends DeliveryName {
  readonly body: unknown;
  readonly by: string;
}

/** An edited payload, as it is sent. */
export const editBody = z.strictObject({
  payload: z.string().min(1).describe('all of it, as a text'),
  once: onceSchema.optional().describe('starts the same payload once, however often it is sent'),
});

/** Returns what of a delivery can be edited, without the secrets that are known; undefined if there is none. Throws as {@link openDelivery}. */
export async function showEditable(deps: OpenDeliveryDeps, name: DeliveryName): Promise<EditableAnswer | undefined> {
  const opened = await openDelivery(deps, name);
  if (!opened) return undefined;
  const { id, source, eventName } = opened.record;
  return { delivery: id, source, eventName, text: hidden(opened.text) };
}

/** Returns what would become of an edited payload, and starts nothing; undefined if there is no such delivery. Throws as {@link decideEdited}. */
export async function explainEdited(deps: EditDeps, { body, by, ...name }: EditAsked): Promise<EditAnswer | undefined> {
  const opened = await openDelivery(deps, name);
  if (!opened) return undefined;
  const { payload, once = randomUUID() } = readEdit(body);
  const judged = await decideEdited(deps, opened, { payload, by, once });
  const { record } = opened;
  const type = record.headers['content-type'];
  const [original, edited] = [shown(judged.original), shown(judged.edited)];
  return {
    ...{ delivery: record.id, source: record.source, original, edited, once },
    changed: await differencesOf(valueOfBody(opened.body, type), valueOfBody(judged.body, type)),
    normalised: await differencesOf(said(original), said(edited)),
    ...(judged.refused !== undefined && { refused: hidden(judged.refused) }),
  };
}

/** Returns what can be edited, with what would become of a payload, or why that can't be judged. Else as {@link explainEdited}. */
export async function viewEdit(
  deps: EditDeps,
  { payload, by, ...name }: DeliveryName & { readonly payload?: string | undefined; readonly by: string },
): Promise<EditViewAnswer | undefined> {
  const editable = await showEditable(deps, name);
  if (!editable || payload === undefined) return editable;
  try {
    const judged = await explainEdited(deps, { ...name, body: { payload }, by });
    return judged && { ...editable, payload, judged };
  } catch (error) {
    if (!(error instanceof HttpError) || (error.status !== 400 && error.status !== 413)) throw error;
    return { ...editable, payload, problem: error.message };
  }
}

/**
 * Stores an edited payload as a delivery of its own, whose runs begin as those of any. The same `once` again is the same delivery.
 * Undefined if there is no such delivery to edit. Throws as {@link decideEdited}, and 409 where it may not be started.
 */
export async function startEdited(
  deps: EditDeps,
  { body: asked, by, ...name }: EditAsked,
): Promise<StartEditedAnswer | undefined> {
  const opened = await openDelivery(deps, name);
  if (!opened) return undefined;
  const { payload, once = randomUUID() } = readEdit(asked);
  const { id, key, body, receivedAt, edited, refused } = await decideEdited(deps, opened, { payload, by, once });
  const { decision, eventName } = edited;
  if (refused !== undefined || 'ignored' in decision) throw new HttpError(409, `it can't be started: ${refused}`);
  const { source, headers, id: from } = opened.record;
  const bodyHash = createHash('sha256').update(id).digest('hex');
  const delivery: Delivery = {
    id,
    source,
    key,
    bodyHash,
    repeatedSince: NO_WINDOW,
    eventName,
    receivedAt,
    headers,
    body,
  };
  const { events, verdicts } = decision;
  const { kept, repeats } = await accept(
    { ...delivery, body: Buffer.from(body) },
    askedFor({ events, verdicts }),
    deps,
  );
  if (repeats !== undefined && !(await deps.inbox.body(kept.id))?.equals(body))
    throw new HttpError(409, 'another payload was started with the same "once": judge this one again');
  deps.wake();
  const runs = kept.verdicts.filter(asksForRun).map(({ workflowId }) => workflowId);
  return { delivery: kept.id, from, runs, ...(repeats !== undefined && { duplicate: true as const }) };
}

function readEdit(body: unknown): z.output<typeof editBody> {
  const read = editBody.safeParse(body);
  if (read.success) return read.data;
  throw new HttpError(
    400,
    'send { "payload": "…" } as JSON, the whole payload as a text, and a "once" of 8 to 64 letters and digits if you like',
  );
}

function shown({ eventName, decision }: DecidedPayload): ExplainedDecision {
  return maskData(explainDecision(eventName, decision), hidden);
}

/** Returns the event, or all of them, without what is another for each delivery. */
function said({ events }: ExplainedDecision): unknown {
  const all = events.map(({ deliveryId: _, receivedAt: __, edited: ___, ...rest }) => rest);
  return all.length === 1 ? all[0] : all;
}

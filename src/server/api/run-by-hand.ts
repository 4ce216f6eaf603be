import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ManualEvent } from '../../events/event.js';
import { type AcceptingInbox, accept } from '../../intake/accept.js';
import { ownDelivery } from '../../intake/delivery.js';
import { MANUAL_SOURCE, workflowIdFor } from '../../runs/workflow-id.js';
import type { NewDelivery } from '../../store/store.js';
import type { Automation } from '../../triggers/automation.js';
import { readInputs } from '../../triggers/inputs.js';
import type { ManualTrigger } from '../../triggers/kinds/manual.js';
import { HttpError } from '../http/http-error.js';
import type { ManualRunAnswer } from './contract.js';

/** What {@link runByHand} works with. */
export interface RunByHandDeps {
  readonly inbox: AcceptingInbox;
  readonly automations: () => readonly Automation[];
  /** Called when there is something to start. */
  readonly wake: () => void;
}

/** Body of `POST /api/automations/<name>/runs`. */
export const runByHandBody = z.strictObject({
  inputs: z.record(z.string(), z.unknown()).default({}),
  id: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional()
    .describe('the same again is the same run'),
});

/**
 * Starts a run of an automation that has a `manual` trigger. The run is stored as a delivery of its own, so it is as
 * durable as any and `hookyard explain` knows it. The same `id` again is the same run. Undefined if there is no such
 * automation. Throws {@link HttpError}: 409 if it has no such trigger, or the id was used with other inputs, 400 if its
 * inputs are not as it declares them.
 */
export async function runByHand(
  { inbox, automations, wake }: RunByHandDeps,
  name: string,
  body: unknown,
): Promise<ManualRunAnswer | undefined> {
  const automation = automations().find((known) => known.name === name && !known.builtIn);
  if (!automation) return undefined;
  const trigger = automation.on.find((known): known is ManualTrigger => known.kind === 'manual');
  if (!trigger) throw new HttpError(409, `the automation ${name} does not run by hand: give it the trigger manual()`);
  const asked = runByHandBody.safeParse(body ?? {});
  if (!asked.success) throw new HttpError(400, 'send { "inputs": { … } } as JSON, and an "id" if you like');
  const read = readInputs(trigger.inputs, asked.data.inputs);
  if ('problems' in read) throw new HttpError(400, read.problems.join('; '));
  const id = asked.data.id ?? randomUUID();
  const run = workflowIdFor({ automation: name, source: MANUAL_SOURCE, key: id });
  const delivery = ownDelivery({ source: MANUAL_SOURCE, key: `${name}/${id}`, eventName: 'manual' }, read.inputs);
  const event: ManualEvent = {
    kind: 'manual',
    source: MANUAL_SOURCE,
    provider: 'hookyard',
    deliveryId: delivery.id,
    receivedAt: new Date(delivery.receivedAt).toISOString(),
    inputs: read.inputs,
  };
  const verdict = { automation: name, outcome: 'start', because: 'asked for by hand', workflowId: run } as const;
  const { kept, repeats } = await accept(delivery, { events: [event], verdicts: [verdict] }, { inbox });
  wake();
  if (repeats !== undefined && JSON.stringify(inputsOf(kept)) !== JSON.stringify(read.inputs))
    throw new HttpError(409, `a run with the id ${id} was asked for before, with other inputs`);
  return { delivery: delivery.id, run, ...(repeats !== undefined && { duplicate: true as const }) };
}

function inputsOf({ events }: Pick<NewDelivery, 'events'>): unknown {
  const [event] = events;
  return event?.kind === 'manual' ? event.inputs : undefined;
}

import type { Config } from '../../../config/config.js';
import { editedKey } from '../../../events/edited-key.js';
import type { EditedEvent, HookyardEvent } from '../../../events/event.js';
import { type Decision, decide } from '../../../intake/decide.js';
import type { Sender } from '../../../intake/delivery.js';
import { deliveryId } from '../../../intake/delivery-id.js';
import { whyNotTrusted } from '../../../intake/edited-trust.js';
import { isLight } from '../../../intake/large-bodies/is-light.js';
import type { LargeBodyReader } from '../../../intake/large-bodies/reader.js';
import { MAX_VALUES, understand } from '../../../intake/understand.js';
import { rawDelivery } from '../../../providers/webhook-scheme.js';
import type { Automation } from '../../../triggers/automation.js';
import { asksForRun } from '../../../triggers/verdict.js';
import { HttpError } from '../../http/http-error.js';
import { bodyOfText } from './body-text.js';
import { revealed } from './hidden-values.js';
import { jsonProblem } from './json-problem.js';
import { MAX_EDITED, type OpenedDelivery } from './open-delivery.js';

/** What {@link decideEdited} works with. */
export interface DecideEditedDeps {
  readonly automations: () => readonly Automation[];
  readonly largeBodies: LargeBodyReader;
  readonly config: { readonly inbox: Pick<Config['inbox'], 'repeatedBodyHours'> };
}

/** An edited payload, and who edits it. */
export interface Edit {
  readonly payload: string;
  readonly by: string;
  /** Tells it from others that are made of the same delivery. */
  readonly once: string;
}

/** A payload, as it is judged. */
export interface DecidedPayload {
  readonly eventName: string;
  readonly decision: Decision;
}

/** What an edited payload would become, beside what was received. */
export interface DecidedEdit {
  /** Key, id and bytes of the delivery that it would be. */
  readonly key: string;
  readonly id: string;
  readonly body: Buffer;
  /** Unix ms. */
  readonly receivedAt: number;
  readonly original: DecidedPayload;
  readonly edited: DecidedPayload;
  /** Why it may not be started, in words. */
  readonly refused: string | undefined;
}

/**
 * Judges an edited payload as the receiver would judge it if the source sent it now, and what was received, both by the automations as
 * they are now. Hookyard's own automations take no part: they carry out commands, and end runs of what is closed. Throws
 * {@link HttpError}: 400 with the place where it is no JSON, 413 where it is too large.
 */
export async function decideEdited(deps: DecideEditedDeps, opened: OpenedDelivery, edit: Edit): Promise<DecidedEdit> {
  const { record, known, isJson, text } = opened;
  const { by, once } = edit;
  const payload = withoutEnd(edit.payload, opened);
  if (Buffer.byteLength(payload) > MAX_EDITED) throw new HttpError(413, 'a payload that is edited may have 1 MB');
  const problem = isJson ? jsonProblem(payload) : undefined;
  if (problem !== undefined) throw new HttpError(400, `it is no JSON: ${problem}`);
  const found = revealed(payload, text);
  const body = bodyOfText('text' in found ? found.text : payload, opened);
  const key = editedKey(record.id, once);
  const id = deliveryId(record.source, key);
  const receivedAt = Date.now();
  const { id: from, receivedAt: at } = record;
  const original = await decidePayload(deps, opened, { body: opened.body, id: from, key: record.key, receivedAt: at });
  const edited = await decidePayload(deps, opened, { body, id, key, receivedAt, made: { from, by } });
  const refused =
    'because' in found
      ? found.because
      : known.source.enabled
        ? whyNotStarted(original.decision, edited.decision)
        : `source ${record.source} is not enabled`;
  return { key, id, body, receivedAt, original, edited, refused };
}

/**
 * Returns a text that is no JSON without the line break that an editor has put at its end, and so has a file that a command's output was
 * written to: in a form it would be a part of the last field.
 */
function withoutEnd(payload: string, { isJson, text }: Pick<OpenedDelivery, 'isJson' | 'text'>): string {
  return isJson || text.endsWith('\n') ? payload : payload.replace(/\r?\n$/, '');
}

function whyNotStarted(original: Decision, edited: Decision): string | undefined {
  if ('ignored' in edited) return `it would be ignored: ${edited.ignored}`;
  if (!edited.verdicts.some(asksForRun)) return 'it would start nothing';
  return whyNotTrusted('ignored' in original ? [] : original.events, edited.events);
}

interface ToDecide {
  readonly body: Buffer;
  readonly id: string;
  readonly key: string;
  /** Unix ms. */
  readonly receivedAt: number;
  readonly made?: EditedEvent;
}

async function decidePayload(
  { automations, largeBodies, config }: DecideEditedDeps,
  { record, known }: OpenedDelivery,
  { body, id, key, receivedAt, made }: ToDecide,
): Promise<DecidedPayload> {
  const headers: Sender['headers'] = Object.assign(Object.create(null), record.headers);
  const sender: Sender = { ...known, name: record.source, headers };
  const raw = rawDelivery({ headers, body, maxValues: known.source.maxValues ?? MAX_VALUES });
  const understood = isLight(body)
    ? understand(sender, { raw, receivedAt }, config.inbox)
    : await largeBodies.read(sender, { raw, receivedAt });
  switch (understood.kind) {
    case 'too large':
      throw new HttpError(413, understood.because);
    case 'challenge':
      return { eventName: record.eventName, decision: { ignored: 'it only asks whether somebody answers' } };
    case 'unreadable':
      return { eventName: 'unreadable', decision: { ignored: `it can't be read: ${understood.because}` } };
    case 'read': {
      const { delivery, reading } = understood;
      const { eventName } = delivery;
      if ('ignored' in reading) return { eventName, decision: reading };
      const at = new Date(receivedAt).toISOString();
      const events = reading.events.map(
        (event): HookyardEvent => ({ ...event, deliveryId: id, receivedAt: at, ...(made && { edited: made }) }),
      );
      const own = automations().filter(({ builtIn }) => !builtIn);
      const question = { sender, delivery: { source: record.source, key, receivedAt } };
      return { eventName, decision: await decide({ events }, question, { automations: own }) };
    }
    default:
      return understood satisfies never;
  }
}

import { z } from 'zod';
import { isAhead, laneAhead } from '../../lanes/lane.js';
import type { LaneRecord, Lanes } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';
import type { LaneChangeAnswer, LaneMoveAnswer, LanesAnswer } from './contract.js';
import { operatorNameSchema } from './operator-name.js';

/** What the routes of lanes work with. */
export interface LaneDeps {
  readonly lanes: Pick<Lanes, 'list' | 'setMode' | 'moveAhead'>;
  /** Called when there may be something to start. */
  readonly wake: () => void;
}

const signed = { by: operatorNameSchema, reason: z.string().min(1).max(500).optional() };
/** Body of `POST /api/lanes/mode`. */
export const changeLaneBody = z.strictObject({
  lane: z.string().min(1).max(2_000),
  mode: z.enum(['open', 'paused', 'draining']),
  ahead: z.boolean().default(false).describe('also before anybody was in it'),
  ...signed,
});
/** Body of `POST /api/lanes/move`. */
export const moveInLaneBody = z.strictObject({ run: z.string().min(1).max(1_000), ...signed });
/** Lanes whose title holds a name. */
const MAX_LOOKED_AT = 500;
/** Lanes that an ambiguous name is said to mean. */
const MAX_MEANINGS = 10;

/** Returns a page of lanes: those whose title holds a text, or all. Throws {@link HttpError} (400) for one behind no lane. */
export async function listLanes(
  { lanes }: LaneDeps,
  query: { readonly named?: string | undefined; readonly limit: number; readonly after?: string | undefined },
): Promise<LanesAnswer> {
  const found = await lanes.list({ ...query, limit: query.limit + 1 });
  const list = found.slice(0, query.limit);
  if (list.length === 0 && query.after !== undefined) await mustBeLane(lanes, query.after);
  const last = list.at(-1);
  return { lanes: list, ...(found.length > list.length && last && { next: last.lane }) };
}

/** Pauses, drains or opens a lane. Undefined if there is none of that name. Throws {@link HttpError}: 400, 409 if several are meant. */
export async function changeLane({ lanes, wake }: LaneDeps, body: unknown): Promise<LaneChangeAnswer | undefined> {
  const asked = changeLaneBody.safeParse(body);
  if (!asked.success) throw new HttpError(400, `send a lane, a mode and who asks as JSON: ${problemOf(asked.error)}`);
  const { lane: named, ahead, ...change } = asked.data;
  const found = await laneNamed(lanes, named);
  if (!found && ahead) {
    await lanes.setMode({ lane: laneAhead(named), title: named, ...change });
    return { lane: laneAhead(named), title: named, mode: change.mode, ahead: true };
  }
  if (!found || !(await lanes.setMode({ lane: found.lane, ...change }))) return undefined;
  wake();
  return { lane: found.lane, title: found.title, mode: change.mode };
}

/** Puts a waiting run ahead of all others. Throws {@link HttpError}: 400, and 409 for a run that does not wait. */
export async function moveInLane({ lanes, wake }: LaneDeps, body: unknown): Promise<LaneMoveAnswer> {
  const asked = moveInLaneBody.safeParse(body);
  if (!asked.success) throw new HttpError(400, `send a run and who asks as JSON: ${problemOf(asked.error)}`);
  const { run, ...by } = asked.data;
  if (!(await lanes.moveAhead({ workflowId: run, ...by })))
    throw new HttpError(409, `the run ${run} does not wait in a lane: it runs, has ended, or is in none`);
  wake();
  return { run };
}

/** A page that begins behind no lane would be empty. Throws {@link HttpError} (400). */
async function mustBeLane(lanes: LaneDeps['lanes'], after: string): Promise<void> {
  const found = await lanes.list({ named: after, limit: MAX_LOOKED_AT });
  if (!found.some(({ lane }) => lane === after))
    throw new HttpError(400, 'the parameter "after" must be the "next" of the page before');
}

async function laneNamed(lanes: LaneDeps['lanes'], named: string): Promise<LaneRecord | undefined> {
  const all = await lanes.list({ named, limit: MAX_LOOKED_AT });
  // What was said of a lane before anybody was in it has gone over to it.
  const found = all.filter(({ lane, mode }) => mode !== 'open' || !isAhead(lane));
  const whole = found.filter(({ lane, title }) => [lane, title].includes(named));
  const meant = whole.length > 0 ? whole : found.filter(({ title }) => title.startsWith(named));
  if (meant.length <= 1) return meant[0];
  const shown = meant.slice(0, MAX_MEANINGS).map(({ title, lane }) => (whole.length > 0 ? lane : title));
  throw new HttpError(409, `several lanes are called so; name one whole: ${shown.join('; ')}`);
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
}

import { commitOf, repositoryOf } from '../../events/accessors.js';
import { describe } from '../../events/describe.js';
import { isSameRepository } from '../../events/repository-name.js';
import type { DeliveryRecord } from '../../store/store.js';

/** What deliveries are searched by, beside their source: all that is said has to be so. */
export interface DeliverySearch {
  /** Its whole name, in any case. */
  readonly repository?: string | undefined;
  /** Our word for the event, or the provider's. */
  readonly event?: string | undefined;
  /** That has a verdict other than filtered, or the one that `state` asks for. */
  readonly automation?: string | undefined;
  readonly state?: DeliveryState | undefined;
  /** Part of what happened, of the key or of our id, in any case; or a commit, by a beginning of seven digits or more. */
  readonly text?: string | undefined;
}

/** What became of a delivery: its verdicts, its starts, or that nothing was matched. */
export const DELIVERY_STATES = [
  'started',
  'skipped',
  'filtered',
  'ignored',
  'waiting',
  'failed',
  'superseded',
] as const;

/** One of {@link DELIVERY_STATES}. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Returns whether anything is searched for. */
export function isSearch(search: DeliverySearch): boolean {
  return [search.repository, search.event, search.automation, search.state, search.text].some(
    (one) => one !== undefined,
  );
}

/** Returns whether a delivery is one of those that are searched for. */
export function isFound(delivery: DeliveryRecord, search: DeliverySearch): boolean {
  const { repository, event, automation, state, text } = search;
  const { events, eventName, verdicts, id, key } = delivery;
  if (
    repository !== undefined &&
    !events.some((one) => isSameRepository(repositoryOf(one)?.fullName ?? '', repository))
  )
    return false;
  if (event !== undefined && eventName !== event && !events.some(({ kind }) => kind === event)) return false;
  if (state !== undefined && !isIn(state, delivery, automation)) return false;
  if (state === undefined && automation !== undefined)
    if (!verdicts.some((one) => one.automation === automation && one.outcome !== 'filtered')) return false;
  if (text === undefined) return true;
  const asked = text.toLowerCase();
  const holds = [id, key, eventName, ...events.map(describe)].some((one) => one.toLowerCase().includes(asked));
  return holds || (COMMIT.test(asked) && events.some((one) => commitOf(one)?.sha.startsWith(asked)));
}

/** Lists show the beginning of a commit, and what is pasted is all of it. */
const COMMIT = /^[0-9a-f]{7,64}$/;

function isIn(
  state: DeliveryState,
  { ignored, verdicts, dispatches }: DeliveryRecord,
  automation: string | undefined,
): boolean {
  const meant = <T extends { readonly automation: string }>(all: readonly T[]) =>
    automation === undefined ? all : all.filter((one) => one.automation === automation);
  switch (state) {
    case 'started':
      return meant(dispatches).some((one) => one.state === 'done');
    case 'skipped':
      return meant(verdicts).some(({ outcome }) => outcome === 'skip');
    case 'filtered':
      return meant(verdicts).length > 0 && meant(verdicts).every(({ outcome }) => outcome === 'filtered');
    case 'ignored':
      return ignored !== undefined;
    case 'waiting':
      return meant(dispatches).some((one) => one.state === 'pending' || one.state === 'waiting');
    case 'failed':
      return meant(dispatches).some((one) => one.state === 'failed' || one.state === 'refused');
    case 'superseded':
      return meant(dispatches).some((one) => one.state === 'superseded');
    default:
      return state satisfies never;
  }
}

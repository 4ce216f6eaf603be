import type { HookLogs } from '../../providers/api.js';
import type { ReconcilePageInput } from '../contract/index.js';
import type { Place } from './cursor.js';
import type { ReconcileDeps } from './deps.js';
import { ownHooks } from './our-hooks.js';
import { tidyOpen } from './redelivery-requests.js';
import { lookedUntil, noteLooked } from './watermark.js';

export interface Begun {
  readonly place: Place;
  /** What the provider says is wrong with the hooks. */
  readonly warnings: readonly string[];
}

/** Where a look at a target begins: with the hooks that lead here, and where the last one ended. */
export async function beginLook(
  { config, store }: Pick<ReconcileDeps, 'config' | 'store'>,
  { source, target, since }: ReconcilePageInput,
  list: HookLogs['list'],
): Promise<Begun> {
  const began = Date.now();
  const hooks = ownHooks(await list(), { config, source });
  await tidyOpen(store, { source, target }, began);
  return {
    place: {
      hooks: hooks.map(({ id }) => id),
      since: since === undefined ? await lookedUntil(store.records, { source, target }, began) : Date.parse(since),
      began,
      asked: since !== undefined,
      pages: 0,
      left: false,
      answered: [],
    },
    warnings: hooks.flatMap(({ id, dropping }) => (dropping === undefined ? [] : [`hook ${id}: ${dropping}`])),
  };
}

/** Where a look began that somebody asked for says nothing of what lies before it; nor is one whole that left something. */
export async function endLook(
  { store }: Pick<ReconcileDeps, 'store'>,
  { source, target }: ReconcilePageInput,
  { asked, left, began }: Place,
): Promise<void> {
  if (!asked && !left) await noteLooked(store.records, { source, target, until: began });
}

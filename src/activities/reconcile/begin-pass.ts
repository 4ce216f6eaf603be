import type { HookLogs } from '../../providers/hooks-api.js';
import type { ReconcilePageInput } from '../contract/index.js';
import type { Cursor } from './cursor.js';
import type { ReconcileDeps } from './deps.js';
import { ourHooks } from './our-hooks.js';
import { pruneRequests } from './redelivery-requests.js';
import { noteReconciled, reconciledUntil } from './watermark.js';

/** Where a pass begins, and what its hooks say. */
export interface PassBegin {
  readonly cursor: Cursor;
  /** What the provider reports as wrong with the hooks. */
  readonly warnings: readonly string[];
}

/** Begins a pass over a target: returns the cursor for the hooks that lead here, from where the pass before ended. */
export async function beginPass(
  { config, store }: Pick<ReconcileDeps, 'config' | 'store'>,
  { source, target, since }: ReconcilePageInput,
  list: HookLogs['list'],
): Promise<PassBegin> {
  const began = Date.now();
  const hooks = ourHooks(await list(), { config, source });
  await pruneRequests(store, { source, target }, began);
  return {
    cursor: {
      hooks: hooks.map(({ id }) => id),
      since: since === undefined ? await reconciledUntil(store.records, { source, target }, began) : Date.parse(since),
      began,
      asked: since !== undefined,
      pages: 0,
      left: false,
      answered: [],
    },
    warnings: hooks.flatMap(({ id, dropping }) => (dropping === undefined ? [] : [`hook ${id}: ${dropping}`])),
  };
}

/**
 * Ends a pass: the next one begins where this one began. Not if somebody asked for a time, since nothing was read of
 * what lies before it, and not if something was left over.
 */
export async function endPass(
  { store }: Pick<ReconcileDeps, 'store'>,
  { source, target }: ReconcilePageInput,
  { asked, left, began }: Cursor,
): Promise<void> {
  if (!asked && !left) await noteReconciled(store.records, { source, target, until: began });
}

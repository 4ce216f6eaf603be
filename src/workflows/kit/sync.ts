import { workflowInfo } from '@temporalio/workflow';
import type { MirrorResult, RecordResult } from '../../activities/contract/index.js';
import type { RepositoryEvent } from '../../events/event.js';
import { jobsQueueOf } from '../../runs/names.js';
import { mirroring, store } from '../run/activities.js';
import { runStep } from '../run/step.js';
import { waitOut } from '../run/wait-out.js';
import { requireTexts } from './required-texts.js';

/**
 * Keeps copies up to date: records in Hookyard's store, and mirrors of repositories.
 *
 * @example
 * import { automation, generic, push, sync } from 'hookyard/workflow';
 *
 * export const orders = automation({ on: generic({ sources: ['shop'], types: ['orders/*'] }) }, async (event) => {
 *   const order = (await event.raw()) as { id: number; updated_at: string };
 *   await sync.upsert('orders', String(order.id), order, { version: order.updated_at });
 * });
 *
 * export const backup = automation({ on: push() }, async (event) => {
 *   await sync.mirror(event, 'backup');
 * });
 */
export const sync = {
  /**
   * Writes a record into the store, unless a newer version is there already: deliveries arrive in any order. A version
   * is a number, or a string that sorts as it ages (an ISO 8601 time).
   */
  upsert(
    collection: string,
    key: string,
    data: unknown,
    { version }: { version: number | string },
  ): Promise<RecordResult> {
    return runStep(
      `Record ${collection}/${key}`,
      () =>
        store.upsertRecord.executeWithOptions({ summary: `${collection}/${key}` }, [
          { collection, key, version, data },
        ]),
      (result) => result.outcome,
    );
  },

  /** Makes `mirrors.<target>` hold the branches and tags that the event's repository has now. */
  mirror(event: RepositoryEvent, target: string): Promise<MirrorResult> {
    const input = { source: event.source, repository: event.repository.fullName, target, waitsOut: true } as const;
    return runStep(
      `Mirror to ${target}`,
      (step) => {
        requireTexts('sync.mirror', { target });
        return waitOut(step, () =>
          mirroring.mirrorRepository.executeWithOptions(
            { summary: target, taskQueue: jobsQueueOf(workflowInfo().taskQueue) },
            [input],
          ),
        );
      },
      (result) => `${result.updated} refs updated`,
    );
  },
};

import { workflowInfo } from '@temporalio/workflow';
import type { MirrorResult, RecordResult } from '../../activities/contract/index.js';
import type { RepositoryEvent } from '../../events/event.js';
import { jobsQueueOf } from '../../runs/names.js';
import { mirroring, store } from '../run/activities.js';
import { told } from '../run/step.js';

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
    return told(
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
    const input = { source: event.source, repository: event.repository.fullName, target };
    return told(
      `Mirror to ${target}`,
      () =>
        mirroring.mirrorRepository.executeWithOptions(
          { summary: target, taskQueue: jobsQueueOf(workflowInfo().taskQueue) },
          [input],
        ),
      (result) => `${result.updated} refs updated`,
    );
  },
};

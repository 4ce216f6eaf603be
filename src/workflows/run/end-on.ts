import { CancellationScope, condition, isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import { describe } from '../../events/describe.js';
import type { HookyardEvent } from '../../events/event.js';
import type { Trigger } from '../../triggers/trigger.js';
import { placeOf } from '../../waits/about.js';
import { store } from './activities.js';
import { reasonOf } from './failure.js';
import { progress } from './progress.js';
import { nextEvent } from './wait.js';

const WATCHES = 'watch-for-the-end';

/**
 * Watches for an event that ends the run, which is then cancelled with that as its reason. Resolves once it watches; never where
 * such an event has come already, so that what the run is for does not begin.
 */
export async function watchForEnd(event: HookyardEvent, endOn: readonly Trigger[] | undefined): Promise<void> {
  const place = placeOf(event);
  // The history decides, and not what the code says now: an author may add or take away the option while runs are open.
  if (place === undefined || (endOn === undefined && !workflowInfo().unsafe.isReplaying) || !patched(WATCHES)) return;
  await new Promise<void>((begun, failed) => {
    const watch = async () => {
      const on = (endOn ?? []).map(heedingNobody);
      const found = await nextEvent({ ...place, on, of: event, ends: true }, undefined, begun);
      if (found) await store.endRun({ because: `ended by ${describe(found)}` });
      await condition(() => false);
    };
    CancellationScope.current()
      .run(watch)
      .catch((error: unknown) => {
        if (!isCancellation(error)) progress.step('Watch for the end').fail(reasonOf(error));
        failed(error);
      });
  });
}

/** Neither a skip marker nor who closes a pull request, which may be our own account, keeps a run from its end. */
function heedingNobody(trigger: Trigger): Trigger {
  if (trigger.kind === 'schedule' || trigger.kind === 'manual' || trigger.kind === 'chained') return trigger;
  const own = trigger.kind === 'generic' ? {} : { own: trigger.own ?? true };
  return trigger.kind === 'push' || trigger.kind === 'pull_request'
    ? { ...trigger, ...own, skippable: false }
    : { ...trigger, ...own };
}

import { isCancellation } from '@temporalio/workflow';
import type { RemoteBuildOutcome } from '../../activities/contract/index.js';
import { status } from '../../triggers/index.js';
import { TriggerError } from '../../triggers/options.js';
import { titleOf } from '../../waits/title.js';
import { nextGiven, type Opening } from '../run/open-wait.js';
import type { BuildableEvent } from './buildable-event.js';

/** Which statuses may be those of a build. */
export type Signs = Omit<Opening, 'begun'>;

/** Returns which statuses those are: of this name, or a pattern of names, on the event's commit. */
export function signsOf(event: BuildableEvent, name: string): Signs {
  if (!('deliveryId' in event))
    throw new TriggerError('triggerBuild.pipeline(): status needs an event that a delivery has brought: leave it out');
  const on = [status({ names: [name], states: ['success', 'failure', 'cancelled', 'skipped'], forks: true })];
  const about = { kind: 'field', path: 'commit.sha', value: event.commit.sha } as const;
  const { source, repository } = event;
  return { source, repository: repository.id, on, of: event, about, title: titleOf(on, about, event), aside: true };
}

/**
 * Returns how a build has ended, which is looked at whenever one of these statuses has come. The status alone decides nothing: another
 * build of the same commit may report under the same name.
 */
export async function endedByStatus(
  signs: Signs,
  look: () => Promise<RemoteBuildOutcome | null>,
): Promise<RemoteBuildOutcome> {
  for (;;) {
    await nextGiven({ ...signs, begun() {} }, Number.POSITIVE_INFINITY);
    try {
      const ended = await look();
      if (ended) return ended;
    } catch (error) {
      // It is asked for by itself too, which fails where this matters.
      if (isCancellation(error)) throw error;
    }
  }
}

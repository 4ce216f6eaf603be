import type { HookyardEvent } from '../../events/event.js';
import { findHead, type Place } from '../run/find-head.js';
import type { BranchHead, BuildableEvent, LeadingEvent, PlacelessEvent, TagHead } from './buildable-event.js';

/** Which commit is meant by an event that is about no repository. */
export type HeadPlace = Place;

/**
 * Returns what there is to build of an event, as it is when the run first asks: the head of the pull request that was commented on
 * or reviewed, the tag of a release, the commit of a deployment or of a check elsewhere, what a chain began with, or a branch or a
 * tag that you name. `runJob` asks by itself for events that lead to a commit.
 *
 * A pull request that may be a stranger's waits for the approval of that very commit, whatever leads to it; it throws if the
 * approval is denied. A commit by its name alone has to be in a branch or a tag of the repository. Throws where there is nothing to
 * build, and when the provider can't be reached for a day.
 *
 * @example
 * import { automation, comment, headOf, manual, runJob } from 'hookyard/workflow';
 *
 * export const deploy = automation({ on: [comment({ commands: ['deploy'] }), manual()] }, async (event) => {
 *   const head =
 *     event.kind === 'manual'
 *       ? await headOf(event, { source: 'github', repository: 'acme/app', ref: 'main' })
 *       : await headOf(event);
 *   await runJob(head, { name: 'deploy', steps: ['./deploy.sh'], env: { COMMIT: head.commit.sha } });
 * });
 */
export function headOf(event: BuildableEvent | LeadingEvent): Promise<BuildableEvent>;
export function headOf(event: PlacelessEvent, place: HeadPlace): Promise<BranchHead | TagHead>;
export function headOf(
  event: BuildableEvent | LeadingEvent | PlacelessEvent,
  place?: HeadPlace,
): Promise<BuildableEvent> {
  return findHead(event as HookyardEvent | BuildableEvent, { caller: 'headOf()', place });
}

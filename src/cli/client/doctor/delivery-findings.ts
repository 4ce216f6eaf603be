import { repositoryOf } from '../../../events/accessors.js';
import type { Source } from '../../../providers/source.js';
import { isGitSource } from '../../../providers/source.js';
import type { DeliveryRecord } from '../../../store/store.js';
import { fine, type Remark, warn } from './finding.js';

const MAX_REPOSITORIES = 5;

/** Says when a source last sent something; only verified deliveries are stored. `newest`: its deliveries, newest first. */
export function deliveryFindings(name: string, source: Source, newest: readonly DeliveryRecord[]): Remark[] {
  const [last] = newest;
  if (last) {
    const at = new Date(last.receivedAt).toISOString();
    return [
      fine(`last delivery: "${last.eventName}" at ${at}, verified${last.ignored ? `; ignored: ${last.ignored}` : ''}`),
    ];
  }
  const how = isGitSource(source)
    ? `npx hookyard connect ${name} <owner/name>`
    : `have the service send to /webhooks/${name}`;
  return [warn('nothing that could be verified has come in', how)];
}

/** Returns the repositories that deliveries were about, newest first, 5 at most. */
export function repositoriesSeen(newest: readonly DeliveryRecord[]): readonly string[] {
  const names = newest.flatMap(({ events }) => events.flatMap((event) => repositoryOf(event)?.fullName ?? []));
  return [...new Set(names)].slice(0, MAX_REPOSITORIES);
}

import type { Config } from '../../../config/config.js';
import { repositoryOf } from '../../../events/accessors.js';
import type { GitFacts } from '../../../providers/facts.js';
import { PROVIDERS } from '../../../providers/index.js';
import type { Source } from '../../../providers/source.js';
import { isGitSource } from '../../../providers/source.js';
import { fine, type Remark, warn } from '../../../server/api/findings/finding.js';
import type { DeliveryRecord } from '../../../store/store.js';
import { ANY_REPOSITORY, connectCommand } from '../hooks/connect-command.js';

const MAX_REPOSITORIES = 5;

/** Says when a source last sent something; only verified deliveries are stored. `newest`: its deliveries, newest first. */
export function deliveryFindings(
  { name, source, server }: { name: string; source: Source; server: Pick<Config['server'], 'publicUrl'> },
  newest: readonly DeliveryRecord[],
): Remark[] {
  const [last] = newest;
  if (last) {
    const at = new Date(last.receivedAt).toISOString();
    return [
      fine(`last delivery: "${last.eventName}" at ${at}, verified${last.ignored ? `; ignored: ${last.ignored}` : ''}`),
    ];
  }
  const nothing = 'nothing that could be verified has come in';
  const byHand = `have the service send to /webhooks/${name}`;
  if (!isGitSource(source)) return [warn(nothing, byHand)];
  const connect = connectCommand({ source: name, repository: ANY_REPOSITORY }, server);
  const { hookRights, privateReceivers } = PROVIDERS[source.kind].facts as GitFacts;
  if (hookRights === undefined) return [warn(nothing, byHand)];
  return [
    warn(
      nothing,
      privateReceivers ? `${connect}; if the receiver has a private address: ${privateReceivers}` : connect,
    ),
  ];
}

/** Returns the repositories that deliveries were about, newest first, `most` (5) at most. */
export function repositoriesSeen(newest: readonly DeliveryRecord[], most = MAX_REPOSITORIES): readonly string[] {
  const names = newest.flatMap(({ events }) => events.flatMap((event) => repositoryOf(event)?.fullName ?? []));
  return [...new Set(names)].slice(0, most);
}

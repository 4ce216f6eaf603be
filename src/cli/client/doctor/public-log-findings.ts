import { repositoryOf } from '../../../events/accessors.js';
import { isEdited } from '../../../events/edited-key.js';
import type { Source } from '../../../providers/source.js';
import { isGitSource } from '../../../providers/source.js';
import { fine, type Remark, warn } from '../../../server/api/findings/finding.js';
import type { DeliveryRecord } from '../../../store/store.js';

/** Repositories that are named: of more it is said how many. */
const MAX_NAMED = 5;

/**
 * Says what of a source everybody may look at without signing in, by what its deliveries say of their repositories, and warns where some
 * are private. `newest`: its deliveries, newest first.
 */
export function publicLogFindings(
  { name, source }: { readonly name: string; readonly source: Source },
  newest: readonly DeliveryRecord[],
): Remark[] {
  if (!isGitSource(source) || !source.publicLogs || !source.enabled) return [];
  const isPrivate = new Map<string, boolean>();
  // What the newest says counts; a provider that does not say it is taken to mean that it is private.
  for (const delivery of newest)
    for (const repository of isEdited(delivery) ? [] : delivery.events.map(repositoryOf))
      if (repository && !isPrivate.has(repository.fullName))
        isPrivate.set(repository.fullName, repository.private !== false);
  const those = (how: boolean) => [...isPrivate].flatMap(([one, told]) => (told === how ? [one] : []));
  const [open, closed] = [those(false), those(true)];
  const option = `sources.${name}.publicLogs`;
  return [
    open.length > 0
      ? fine(`${option}: everybody sees, without signing in, runs and what all their jobs print of ${named(open)}`)
      : fine(
          `${option}: everybody may see runs and logs of public repositories, and none of its last deliveries is about one`,
        ),
    ...(closed.length > 0
      ? [
          warn(
            `${option} is on, and not known to be public: ${named(closed)}. Their runs are closed to others, until a delivery says that they are public`,
            `have what is to stay private send to another source, or take ${option} out`,
          ),
        ]
      : []),
  ];
}

function named(repositories: readonly string[]): string {
  const more = repositories.length - MAX_NAMED;
  return `${repositories.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

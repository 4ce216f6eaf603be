import type { Config } from '../../config/config.js';
import { repositoryOf } from '../../events/accessors.js';
import { isEdited } from '../../events/edited-key.js';
import type { HookyardEvent } from '../../events/event.js';
import { isGitSource } from '../../providers/source.js';
import type { Store } from '../../store/store.js';

/** Tells which runs may be looked at by everybody. */
export interface PublicRuns {
  /** False: none may, whatever there is. */
  readonly any: boolean;
  /** Returns whether a run may be, by its whole workflow id. */
  has(run: string): Promise<boolean>;
}

/**
 * Creates what tells it: a run may be looked at that a delivery of a source with `publicLogs` has started, all of whose events are about
 * repositories that this very delivery calls public. A provider that does not say it is taken to mean that it is private. What a person,
 * a schedule or another run has started, or somebody has edited, is no delivery of a source.
 */
export function createPublicRuns({
  sources,
  inbox,
}: {
  readonly sources: Config['sources'];
  readonly inbox: Pick<Store['inbox'], 'find' | 'findStart'>;
}): PublicRuns {
  const open = new Set(
    Object.entries(sources).flatMap(([name, one]) => (isGitSource(one) && one.enabled && one.publicLogs ? [name] : [])),
  );
  return {
    any: open.size > 0,
    async has(run) {
      if (open.size === 0) return false;
      const start = await inbox.findStart(run);
      const delivery = start && (await inbox.find(start.deliveryId));
      if (delivery?.id !== start?.deliveryId || !delivery || isEdited(delivery) || !open.has(delivery.source))
        return false;
      return delivery.events.length > 0 && delivery.events.every((event) => isPublic(event, delivery.source));
    },
  };
}

function isPublic(event: HookyardEvent, source: string): boolean {
  return event.source === source && repositoryOf(event)?.private === false;
}

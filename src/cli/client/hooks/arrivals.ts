import { setTimeout as wait } from 'node:timers/promises';
import { repositoryOf } from '../../../events/accessors.js';
import type { DeliveryRecord } from '../../../store/store.js';
import { UserError } from '../../user-error.js';
import type { Api } from '../api.js';
import type { SourceRepository } from './needed-kinds.js';

/** What a source receives from now on. */
export interface Arrivals {
  /** Waits for a delivery that was not there before; undefined if none arrives in time. */
  next(eventName: string, options?: { deadlineMs?: number; everyMs?: number }): Promise<DeliveryRecord | undefined>;
}

const NEWEST = 20;

/** Remembers what a source has received until now. Throws {@link UserError} when no server answers. */
export async function watchArrivals(
  api: Pick<Api, 'deliveries'>,
  { source, repository }: SourceRepository,
): Promise<Arrivals> {
  const newest = async () => (await api.deliveries({ source, limit: NEWEST })).deliveries;
  const before = new Set((await newest()).map(({ id }) => id));

  const isIt = (delivery: DeliveryRecord, eventName: string) =>
    !before.has(delivery.id) && delivery.eventName === eventName && isAbout(delivery, repository);

  return {
    async next(eventName, { deadlineMs = 15_000, everyMs = 500 } = {}) {
      const until = Date.now() + deadlineMs;
      for (;;) {
        const list = await newest().catch((error: unknown) => {
          // A server that restarts is asked again, until the deadline.
          if (error instanceof UserError) return [];
          throw error;
        });
        const found = list.find((delivery) => isIt(delivery, eventName));
        if (found || Date.now() + everyMs > until) return found;
        await wait(everyMs);
      }
    },
  };
}

/** A ping names no repository. */
function isAbout({ events }: DeliveryRecord, repository: string): boolean {
  const names = events.flatMap((event) => repositoryOf(event)?.fullName.toLowerCase() ?? []);
  return names.length === 0 || names.includes(repository.toLowerCase());
}

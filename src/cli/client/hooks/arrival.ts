import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../user-error.js';
import type { Api } from '../api.js';
import type { Where } from './needed-kinds.js';

/** A delivery of `GET /api/deliveries`, as far as it matters here. */
export interface Arrived {
  readonly id: string;
  readonly eventName: string;
  /** Unix ms. */
  readonly receivedAt: number;
  readonly ignored?: string;
  readonly events?: readonly { readonly repository?: { readonly fullName: string } }[];
}

export interface Arrivals {
  /** Waits for a delivery that was not there before; undefined if there is none in time. */
  next(eventName: string, options?: { deadlineMs?: number; everyMs?: number }): Promise<Arrived | undefined>;
}

const NEWEST = 20;

/** Notes what a source has received until now. Throws {@link UserError} when no server answers. */
export async function watchArrivals(api: Pick<Api, 'get'>, { source, repository }: Where): Promise<Arrivals> {
  const newest = async () =>
    (await api.get<{ deliveries: Arrived[] }>('deliveries', { source, limit: NEWEST }))?.deliveries ?? [];
  const before = new Set((await newest()).map(({ id }) => id));

  const isIt = (delivery: Arrived, eventName: string) =>
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
function isAbout({ events = [] }: Arrived, repository: string): boolean {
  const names = events.flatMap((event) => event.repository?.fullName.toLowerCase() ?? []);
  return names.length === 0 || names.includes(repository.toLowerCase());
}

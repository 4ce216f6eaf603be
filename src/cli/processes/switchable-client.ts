import type { Client } from '@temporalio/client';

/** A client that is, at each use, the one that `current` answers: for whom a better one comes later. */
export function switchableClient(current: () => Client): Client {
  return new Proxy(current(), { get: (_, name): unknown => Reflect.get(current(), name) });
}

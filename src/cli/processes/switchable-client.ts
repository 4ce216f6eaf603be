import type { Client } from '@temporalio/client';

/** Returns a client that is, at each use, the one that `current` returns then: a better one may come later. */
export function switchableClient(current: () => Client): Client {
  return new Proxy(current(), { get: (_, name): unknown => Reflect.get(current(), name) });
}

import type { Request, ToThread } from './protocol.js';

/** So many requests are sent without waiting for the turn's end, so that the thread has something to do meanwhile. */
const MAX_TOGETHER = 16;

/** A request, and the buffers that move to the thread with it. */
export interface Parcel {
  readonly request: Request;
  readonly transfer: readonly ArrayBuffer[];
}

/** Requests on their way to the thread. */
export interface Outbox {
  add(parcel: Parcel): void;
  /** Sends what is waiting. */
  flush(): void;
  /** Forgets what is waiting. */
  clear(): void;
}

/**
 * Sends what is asked for in one turn of the event loop as one message. Under load a turn serves many connections, and
 * together they are one transaction with one sync of the disk; a request that comes alone is sent as soon as its turn
 * ends, which is at once. `refuse` is called for each that can't be sent.
 */
export function createOutbox({
  post,
  refuse,
}: {
  post: (message: ToThread, transfer: ArrayBuffer[]) => void;
  refuse: (id: number, error: Error) => void;
}): Outbox {
  let parcels: Parcel[] = [];
  let timer: NodeJS.Immediate | undefined;

  function flush(): void {
    clearImmediate(timer);
    timer = undefined;
    const ready = parcels;
    parcels = [];
    if (ready.length === 0) return;
    try {
      post(
        { kind: 'requests', requests: ready.map(({ request }) => request) },
        ready.flatMap(({ transfer }) => transfer),
      );
    } catch (cause) {
      for (const { request } of ready)
        refuse(request.id, new Error('The request could not be sent to the thread of the store.', { cause }));
    }
  }

  return {
    add(parcel) {
      parcels.push(parcel);
      if (parcels.length >= MAX_TOGETHER) flush();
      else timer ??= setImmediate(flush);
    },
    flush,
    clear() {
      clearImmediate(timer);
      timer = undefined;
      parcels = [];
    },
  };
}

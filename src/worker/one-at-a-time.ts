import type { CustomSlotSupplier, SlotInfo, SlotPermit } from '@temporalio/worker';

/** What {@link oneAtATime} hands out. */
export interface Turns<SI extends SlotInfo> {
  /** Whether this task keeps all others waiting until it ends; one that does not goes on beside them. */
  readonly alone: (task: SI) => boolean;
  /** After so many milliseconds others go on beside such a task too. */
  readonly aloneMs?: number | undefined;
  /** How many tasks run at once at most. */
  readonly atMost: number;
  /** Called when a task has ended. */
  readonly onEnd?: (task: SI) => void;
}

/** What lets a worker take one task after the other. */
export interface OneAtATime<SI extends SlotInfo> extends CustomSlotSupplier<SI> {
  /** Lets no more be asked for than what is asked for already. Resolves when no task is at work. */
  retire(): Promise<void>;
}

/**
 * Returns what lets a worker take one task after the other: it asks Temporal for the next only when the last one has ended,
 * or is one that others may run beside. Several workers may share it. Nothing may be started eagerly on them: the SDK then
 * holds a lock while it waits for this thread, which may wait for that lock.
 */
export function oneAtATime<SI extends SlotInfo>({ alone, aloneMs, atMost, onEnd }: Turns<SI>): OneAtATime<SI> {
  const out = new Set<SlotPermit>();
  /** Of a poll that has no task yet, or of a task that runs alone. */
  let first: SlotPermit | undefined;
  let patience: NodeJS.Timeout | undefined;
  const waiting: (() => void)[] = [];
  const atWork = new Set<SlotPermit>();
  let retired = false;
  let rest: () => void = () => undefined;
  const rests = new Promise<void>((resolve) => {
    rest = resolve;
  });
  const restIfDone = () => {
    if (retired && atWork.size === 0) rest();
  };
  const isFree = () => !retired && first === undefined && out.size < atMost;
  const next = () => {
    if (isFree()) waiting.shift()?.();
  };
  const take = (): SlotPermit => {
    const permit = {};
    out.add(permit);
    first = permit;
    return permit;
  };
  return {
    type: 'custom',
    reserveSlot: (_, signal) =>
      new Promise((resolve, reject) => {
        const give = () => {
          signal.removeEventListener('abort', stop);
          resolve(take());
        };
        const stop = () => {
          const at = waiting.indexOf(give);
          if (at >= 0) waiting.splice(at, 1);
          reject(signal.reason);
        };
        if (signal.aborted) return stop();
        if (isFree()) return give();
        waiting.push(give);
        signal.addEventListener('abort', stop, { once: true });
      }),
    // What is handed out without a poll would not wait for its turn.
    tryReserveSlot: () => null,
    markSlotUsed({ permit, slotInfo }) {
      atWork.add(permit);
      if (permit !== first) return;
      const letOthers = () => {
        first = undefined;
        next();
      };
      if (!alone(slotInfo)) letOthers();
      else if (aloneMs !== undefined) patience = setTimeout(letOthers, aloneMs).unref();
    },
    releaseSlot({ permit, slotInfo }) {
      out.delete(permit);
      atWork.delete(permit);
      if (permit === first) {
        clearTimeout(patience);
        first = undefined;
      }
      if (slotInfo) onEnd?.(slotInfo);
      restIfDone();
      next();
    },
    retire() {
      retired = true;
      restIfDone();
      return rests;
    },
  };
}

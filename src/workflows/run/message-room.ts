import { CancellationScope, patched, sleep, workflowInfo } from '@temporalio/workflow';

/** Runs that an older version started send all at once, and would be stuck had that been too much. */
const WAITS_FOR_ROOM = 'wait-for-room-in-message';
/** In bytes, as JSON: half of the 4 MB of one message to Temporal, in which more stands than is counted here. */
const MAX_MESSAGE = 2 * 1024 * 1024;

/** What the message of the workflow task at work has in it. Module state: the workflow sandbox gives each run its own. */
let task = -1;
let bytes = 0;
let nextTask: Promise<void> | undefined;

/**
 * Asks for an activity with such an input once there is room for that: all that a run asks for before it waits goes to Temporal in one
 * message. Returns what `ask` does.
 */
export function whenRoom<T>(input: unknown, ask: () => Promise<T>): Promise<T> {
  const size = bytesOf(input);
  // No step between: runs that an older version started go on as they did.
  return take(size) || !patched(WAITS_FOR_ROOM) ? ask() : untilRoomFor(size).then(ask);
}

/** Returns how much a value takes in a message, in bytes. */
export function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

function take(size: number): boolean {
  const { historyLength } = workflowInfo();
  if (historyLength !== task) [task, bytes] = [historyLength, 0];
  if (bytes > 0 && bytes + size > MAX_MESSAGE) return false;
  bytes += size;
  return true;
}

async function untilRoomFor(size: number): Promise<void> {
  while (!take(size)) {
    nextTask ??= CancellationScope.nonCancellable(() => sleep(1)).finally(() => {
      nextTask = undefined;
    });
    await nextTask;
  }
}

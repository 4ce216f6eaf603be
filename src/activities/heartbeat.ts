import { Context } from '@temporalio/activity';

/** Below the heartbeat timeouts of the activities that call this. */
const HEARTBEAT_MS = 2_000;

/** Heartbeat details, per activity. */
const progress = new WeakMap<Context, unknown>();

/**
 * Sends heartbeats until `work` has ended, so that Temporal knows that the activity is alive while a call takes long.
 */
export async function withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(heartbeat, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Sets the details of this activity's heartbeats, and sends one. A later attempt finds them in `heartbeatDetails`. */
export function recordProgress(details: unknown): void {
  progress.set(Context.current(), details);
  heartbeat();
}

/** A heartbeat replaces the details of the one before, also those of an earlier attempt, so it repeats them. */
function heartbeat(): void {
  const context = Context.current();
  context.heartbeat(progress.get(context) ?? context.info.heartbeatDetails);
}

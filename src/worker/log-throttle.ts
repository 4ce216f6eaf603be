/** In milliseconds. While Temporal is away, its SDK logs every retry of every call, a dozen a second. */
const QUIET_MS = 60_000;
/** How many kinds of lines are remembered. */
const MAX_KINDS = 200;

/** Recognises lines that were logged just now. */
export interface LogThrottle {
  /** Returns whether a line of this kind was logged less than a minute before `now`: milliseconds of a monotonic clock. */
  isRepeat(message: string, now: number): boolean;
}

/** Returns a throttle that recognises repeated lines, so that an outage logs one line of each kind a minute. */
export function createLogThrottle(): LogThrottle {
  const logged = new Map<string, number>();
  return {
    isRepeat(message, now) {
      const kind = kindOf(message);
      const last = logged.get(kind);
      if (last !== undefined && now - last < QUIET_MS) return true;
      logged.delete(kind);
      logged.set(kind, now);
      const [oldest] = logged.keys();
      if (logged.size > MAX_KINDS && oldest !== undefined) logged.delete(oldest);
      return false;
    },
  };
}

const RUN_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Returns the message without what differs from line to line: the call or run, and how often it was tried. */
function kindOf(message: string): string {
  return message
    .replace(/^gRPC call \w+/, 'gRPC call')
    .replace(RUN_ID, 'run')
    .replace(/\d+/g, '#');
}

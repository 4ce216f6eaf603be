/** Of Temporal's SDK: each call that is tried again says so each time, a dozen calls a second while Temporal is away. */
const QUIET_MS = 60_000;
/** Different kinds of lines that are remembered. */
const MAX_KINDS = 200;

export interface Repeats {
  /** Whether a line of this kind was let through less than a minute before `now`, in milliseconds of any steady clock. */
  isRepeat(message: string, now: number): boolean;
}

/** Tells lines that say again what was said just now: an outage is one line of each kind a minute, and not hundreds. */
export function createLogThrottle(): Repeats {
  const told = new Map<string, number>();
  return {
    isRepeat(message, now) {
      const kind = kindOf(message);
      const last = told.get(kind);
      if (last !== undefined && now - last < QUIET_MS) return true;
      told.delete(kind);
      told.set(kind, now);
      const [oldest] = told.keys();
      if (told.size > MAX_KINDS && oldest !== undefined) told.delete(oldest);
      return false;
    },
  };
}

const RUN_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The message without what changes from line to line: which call or run it is about, and how often it was tried. */
function kindOf(message: string): string {
  return message
    .replace(/^gRPC call \w+/, 'gRPC call')
    .replace(RUN_ID, 'run')
    .replace(/\d+/g, '#');
}

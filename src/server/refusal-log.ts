import type { Logger } from '../log.js';

/** Tells which refused requests have a log line of their own. */
export interface RefusalLog {
  /** Returns whether this one is to be logged; else it is counted, and told of together with others like it. */
  isLogged(refusal: { readonly source: string | undefined; readonly because: string }): boolean;
}

/** How many of a source and a reason have lines of their own within {@link WINDOW_MS}, by default. */
const LINES = 20;
const WINDOW_MS = 60_000;
/** Kinds of refusals that are told apart. */
const MAX_KINDS = 200;

/**
 * Returns a log of refusals in which a sender who knows no secret can't push out everything else: after some lines of a
 * source and a reason, one line a minute says how many more there were.
 */
export function createRefusalLog(log: Logger, { lines = LINES }: { lines?: number } = {}): RefusalLog {
  const seen = new Map<string, { readonly source: string | undefined; readonly because: string; count: number }>();

  function tell(): void {
    for (const { source, because, count } of seen.values())
      if (count > lines)
        log.warn(
          { ...(source !== undefined && { source }), because, count: count - lines },
          'further requests were refused',
        );
    seen.clear();
  }

  return {
    isLogged({ source, because }) {
      const own = `${source ?? ''}\n${because}`;
      const isToldApart = seen.has(own) || seen.size < MAX_KINDS;
      const kind = isToldApart ? own : OTHER;
      if (seen.size === 0) setTimeout(tell, WINDOW_MS).unref();
      const told = isToldApart ? { source, because } : { source: undefined, because: OTHER };
      const counted = seen.get(kind) ?? { ...told, count: 0 };
      seen.set(kind, counted);
      counted.count += 1;
      return counted.count <= lines;
    },
  };
}

const OTHER = 'other reasons';

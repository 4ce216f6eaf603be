/**
 * Claims take turns between flows: what waits in one flow never makes another wait longer than for one of its dispatches.
 * A dispatch's flow is the name of its delivery's source; signals have one of their own.
 *
 * The scheme is round robin, as fair queueing began (J. Nagle, RFC 970): each flow in which something is due gives one
 * dispatch, its oldest, in the order of the flows' names, and the next claim goes on behind the flow where the last one
 * ended. Deficits or virtual times would make up for dispatches of unlike costs, but each is one call to Temporal. They would
 * also have to be kept and locked for every delivery that is stored, while all that this keeps is the name of a flow, in
 * the memory of whoever claims. Each of several dispatchers takes turns by itself, and so do all of them together.
 *
 * The store knows of a flow nothing but its name, so that a lane can have a flow of its own.
 */

/** The flow of signals, and of dispatches that servers of the version before keep. */
export const UNNAMED_FLOW = '';

/** Returns flows, which are sorted by name, beginning behind the one where the last turn ended. */
export function inTurn<F extends { readonly flow: string }>(flows: readonly F[], after: string): F[] {
  return [...flows.filter(({ flow }) => flow > after), ...flows.filter(({ flow }) => flow <= after)];
}

/** Returns up to `limit` of what waits in queues: the first of each, then the second of each, and so on. */
export function takeTurns<T>(queues: readonly (readonly T[])[], limit: number): T[] {
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  const rounds = Array.from({ length: longest }, (_, round) =>
    queues.flatMap((queue) => queue.slice(round, round + 1)),
  );
  return rounds.flat().slice(0, limit);
}

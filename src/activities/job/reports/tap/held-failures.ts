import type { RawCase } from '../raw-case.js';

/** Failures within groups, which wait for what becomes of their group: one that is skipped or TODO has no failures. */
export interface HeldFailures {
  /** Keeps one that is so deep; returns false where there is no room, or it is in no group. */
  add(depth: number, found: RawCase): boolean;
  /** Takes out those that are as deep as that, or deeper, in order. */
  take(depth: number): readonly RawCase[];
  /** Returns the name of the first. */
  first(): string | undefined;
}

/** More are told at once. */
const MAX_HELD = 2_000;

/** Returns a place for failures that wait. */
export function createHeldFailures(): HeldFailures {
  let held: { readonly depth: number; readonly found: RawCase }[] = [];
  return {
    add(depth, found) {
      if (depth === 0 || held.length >= MAX_HELD) return false;
      held.push({ depth, found });
      return true;
    },
    take(depth) {
      const taken = held.filter((each) => each.depth >= depth).map(({ found }) => found);
      if (taken.length > 0) held = held.filter((each) => each.depth < depth);
      return taken;
    },
    first: () => held[0]?.found.name,
  };
}

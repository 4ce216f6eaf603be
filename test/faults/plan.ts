import { createDraw } from './draw.js';
import type { Fault } from './fault.js';
import { FILE_ONLY, kinds } from './kinds/index.js';

export interface PlanOptions {
  readonly seed: number;
  readonly store: 'sqlite' | 'postgres';
  /** Names of {@link kinds}; all of them if there are none. */
  readonly only: readonly string[];
  /** Whether there is time for one more. */
  readonly goesOn: () => boolean;
}

/** Faults in an order that the seed decides: each kind once, in another order each round, as long as there is time. */
export function* plan({ seed, store, only, goesOn }: PlanOptions): Generator<Fault> {
  const draw = createDraw(seed);
  const names = (only.length > 0 ? only : Object.keys(kinds)).filter(
    (name) => store === 'sqlite' || !FILE_ONLY.includes(name),
  );
  while (names.length > 0) {
    const left = [...names];
    while (left.length > 0) {
      const [name = ''] = left.splice(draw.between(0, left.length - 1), 1);
      const fault = kinds[name]?.(draw);
      if (!goesOn()) return;
      if (fault) yield fault;
    }
  }
}

import { createDraw, type Draw } from './draw.js';
import type { Fault } from './fault.js';
import { FILE_ONLY, kinds, kindsNamed } from './kinds/index.js';
import { receiverKilled, workerKilled } from './kinds/process.js';

export interface PlanOptions {
  readonly seed: number;
  readonly store: 'sqlite' | 'postgres';
  readonly servers: number;
  readonly workers: number;
  /** Names that {@link kindsNamed} knows; all kinds if there are none. */
  readonly only: readonly string[];
}

/** A round at a time, without end. */
export type Rounds = Generator<readonly Fault[], never>;

/**
 * Faults in an order that the seed decides, a round at a time and without end: each kind once, in another order each
 * round. Where there are several servers or workers, the first round begins with a kill of each of them in turn.
 */
export function* plan({ seed, store, servers, workers, only }: PlanOptions): Rounds {
  const draw = createDraw(seed);
  const names = (only.length > 0 ? only.flatMap(kindsNamed) : Object.keys(kinds)).filter(
    (name) => store === 'sqlite' || !FILE_ONLY.includes(name),
  );
  if (names.length === 0) throw new Error(`there is no such fault with a store in ${store}`);
  if (only.length === 0 && servers + workers > 2) {
    const rest = names.filter((name) => name !== 'receiver-killed' && name !== 'worker-killed');
    yield [...killsOfEach(draw, { servers, workers }), ...shuffled(draw, rest)];
  }
  for (;;) yield shuffled(draw, names);
}

/** A receiver and a worker by turns. */
function killsOfEach(draw: Draw, { servers, workers }: { servers: number; workers: number }): Fault[] {
  return Array.from({ length: Math.max(servers, workers) }, (_, number) => [
    ...(number < servers ? [receiverKilled(draw, number)] : []),
    ...(number < workers ? [workerKilled(draw, number)] : []),
  ]).flat();
}

function shuffled(draw: Draw, names: readonly string[]): Fault[] {
  const left = [...names];
  const faults: Fault[] = [];
  while (left.length > 0) {
    const [name = ''] = left.splice(draw.between(0, left.length - 1), 1);
    const fault = kinds[name]?.(draw);
    if (fault) faults.push(fault);
  }
  return faults;
}

import type { Decide } from '../call-proxy.js';
import { createDraw, type Draw } from '../draw.js';
import { AWAY_AND_BACK, type Fault } from '../fault.js';

const SECONDS = 20;
/** Each lost answer costs a step its time limit: what comes of these takes longer than they do. */
const LOST_SECONDS = 10;
const LATE_MS = { least: 1_000, most: 4_000 };
/**
 * DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL and UNAVAILABLE: what a Temporal in trouble says. Never
 * INVALID_ARGUMENT, which says that the caller is wrong. Source: https://grpc.io/docs/guides/status-codes/
 */
const STATUSES = [4, 8, 13, 14] as const;

/** Temporal answers each call late. */
export const delays = (draw: Draw): Fault => {
  const chance = createDraw(draw.between(0, 2 ** 31));
  return onCalls(
    SECONDS,
    `Temporal answers each call ${LATE_MS.least / 1_000} to ${LATE_MS.most / 1_000} s late`,
    () => ({
      kind: 'late',
      ms: chance.between(LATE_MS.least, LATE_MS.most),
    }),
  );
};

/** Temporal answers many calls, or all, with errors, and does nothing for them. */
export const errors = (draw: Draw): Fault => {
  const chance = createDraw(draw.between(0, 2 ** 31));
  const percent = draw.pick([50, 90, 100]);
  const fault = onCalls(SECONDS, `Temporal answers ${percent} % of the calls with an error`, () =>
    chance.between(1, 100) > percent ? { kind: 'pass' } : { kind: 'refused', status: chance.pick(STATUSES) },
  );
  return { ...fault, ...(percent === 100 && { told: AWAY_AND_BACK }) };
};

/** Temporal does what it is told, and for many calls answers with an error all the same: the answer was lost. */
export const lost = (draw: Draw): Fault => {
  const chance = createDraw(draw.between(0, 2 ** 31));
  const percent = draw.pick([30, 60]);
  return onCalls(LOST_SECONDS, `Temporal does as it is told, and ${percent} % of its answers are lost`, () =>
    chance.between(1, 100) > percent ? { kind: 'pass' } : { kind: 'lost', status: chance.pick(STATUSES) },
  );
};

function onCalls(seconds: number, what: string, decide: Decide): Fault {
  return {
    what: `${what}, for ${seconds} s`,
    async run({ cluster, wait }) {
      cluster.proxy.set({ kind: 'calls', decide });
      await wait(seconds * 1_000).finally(() => cluster.proxy.set({ kind: 'open' }));
    },
  };
}

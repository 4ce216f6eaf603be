import type { Draw } from '../draw.js';
import type { Fault } from '../fault.js';
import type { Way } from '../proxy.js';

/** Temporal answers slowly, with errors, or connections to it break. */
export const slow = (draw: Draw): Fault => {
  const way = draw.pick(WAYS)(draw);
  const seconds = draw.between(4, 12);
  return {
    what: `the way to Temporal: ${inWords(way)}, for ${seconds} s`,
    async run({ stage, wait }) {
      stage.proxy.set(way);
      await wait(seconds * 1_000).finally(() => stage.proxy.set({ kind: 'open' }));
    },
  };
};

/** RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE: https://grpc.io/docs/guides/status-codes/ */
const STATUSES = [8, 13, 14];

const WAYS: readonly ((draw: Draw) => Way)[] = [
  (draw) => ({ kind: 'slow', delayMs: draw.between(100, 1_500) }),
  (draw) => ({ kind: 'cut', afterMs: draw.between(20, 500) }),
  () => ({ kind: 'refuse' }),
  (draw) => ({ kind: 'errors', status: draw.pick(STATUSES) }),
];

function inWords(way: Way): string {
  switch (way.kind) {
    case 'open':
      return 'open';
    case 'slow':
      return `${way.delayMs} ms longer each way`;
    case 'cut':
      return `connections break after ${way.afterMs} ms`;
    case 'refuse':
      return 'connections are refused';
    case 'errors':
      return `every call is answered with the gRPC status ${way.status}`;
    default:
      return way satisfies never;
  }
}

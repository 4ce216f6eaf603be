import type { Draw } from '../draw.js';
import type { Fault } from '../fault.js';
import type { Way } from '../proxy.js';

/** Connections to Temporal are slow, break, or don't come about. */
export const slow = (draw: Draw): Fault => {
  const { way, words } = draw.pick(WAYS)(draw);
  const seconds = draw.between(4, 12);
  return {
    what: `the way to Temporal: ${words}, for ${seconds} s`,
    async run({ cluster, wait }) {
      cluster.proxy.set(way);
      await wait(seconds * 1_000).finally(() => cluster.proxy.set({ kind: 'open' }));
    },
  };
};

const WAYS: readonly ((draw: Draw) => { way: Way; words: string })[] = [
  (draw) => {
    const delayMs = draw.between(100, 1_500);
    return { way: { kind: 'slow', delayMs }, words: `${delayMs} ms longer each way` };
  },
  (draw) => {
    const afterMs = draw.between(20, 500);
    return { way: { kind: 'cut', afterMs }, words: `connections break after ${afterMs} ms` };
  },
  () => ({ way: { kind: 'refuse' }, words: 'connections are refused' }),
];

import type { Draw } from '../draw.js';
import { chosen, type Fault } from '../fault.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A server's clock jumps, while Temporal is away so that there is something that waits for its time, and jumps back. */
export const clock = (draw: Draw): Fault => {
  const number = draw.between(0, 99);
  // The store lets a start wait for a quarter of an hour at most because of a clock: less can't be told from what is meant.
  const by = draw.pick([-HOUR, -5 * MINUTE, 30 * MINUTE, HOUR, 24 * HOUR]);
  const seconds = draw.between(3, 8);
  return {
    what: `a server's clock is off by ${by / MINUTE} minutes for ${seconds} s, with a Temporal that does not answer`,
    async run({ cluster, wait }) {
      const server = chosen(cluster.servers, number);
      await cluster.shiftClock(server, by);
      cluster.proxy.set({ kind: 'refuse' });
      try {
        await wait(seconds * SECOND);
      } finally {
        await cluster.shiftClock(server, 0);
        cluster.proxy.set({ kind: 'open' });
      }
    },
  };
};

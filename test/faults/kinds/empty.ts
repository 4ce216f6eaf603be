import type { Draw } from '../draw.js';
import { AWAY_AND_BACK, type Fault } from '../fault.js';

/**
 * Temporal comes back without its database. Runs that it had begun are gone: that is what was deleted. Whatever waited in
 * the inbox at that moment must be started, and what had been started must not be started again; but for those whose
 * start was on its way when Temporal ended, of which nobody can know whether they had begun.
 */
export const empty = (draw: Draw): Fault => {
  const seconds = draw.between(6, 9);
  return {
    what: `Temporal is killed, its database is deleted, and it is there again after ${seconds} s`,
    told: AWAY_AND_BACK,
    async run({ cluster, wait, forget }) {
      await cluster.engine.kill();
      // By then, no start is on its way any more.
      await wait(seconds * 1_000);
      const starts = await cluster.books.starts();
      await forget(starts.filter(({ state }) => state === 'pending'));
      await cluster.engine.empty();
      await cluster.engine.start();
    },
  };
};

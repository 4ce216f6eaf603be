import type { Draw } from '../draw.js';
import type { Fault } from '../fault.js';

/** Another process holds the database. */
export const lock = (draw: Draw): Fault => {
  const seconds = draw.between(2, 12);
  return {
    what: `the database is locked for ${seconds} s`,
    async run({ cluster, wait }) {
      const release = await cluster.books.lock();
      await wait(seconds * 1_000).finally(release);
    },
  };
};

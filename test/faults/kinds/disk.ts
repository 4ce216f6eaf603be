import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Draw } from '../draw.js';
import type { Fault } from '../fault.js';

const execute = promisify(execFile);

/**
 * The disk is full for the servers: a limit on how large a file of theirs may become, set from outside while they run
 * (`prlimit`, which needs no root), makes every write beyond it fail (full-disk.mjs); then there is room again. The error is EFBIG and
 * not ENOSPC, which SQLite tells as an I/O error; what it says of a full disk is in the store's own tests.
 */
export const disk = (draw: Draw): Fault => {
  const seconds = draw.between(3, 10);
  return {
    what: `the disk is full for ${seconds} s`,
    told: [
      'the store is unavailable: no delivery can be stored',
      'the store is available again: deliveries are stored',
    ],
    async run({ cluster, wait }) {
      const limit = (bytes: number | 'unlimited') =>
        Promise.all(
          cluster.servers.map((server) => execute('prlimit', ['--pid', String(server.pid()), `--fsize=${bytes}:`])),
        );
      await limit(4_096);
      await wait(seconds * 1_000).finally(() => limit('unlimited'));
    },
  };
};

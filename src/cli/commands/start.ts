import { Command } from 'commander';
import { forkWorkerAhead } from '../worker-process/fork.js';

/** `hookyard start`: runs everything on one machine. */
export const start = () =>
  new Command('start')
    .description('run everything on this machine: Temporal with its UI, the receiver, a worker')
    .action(async () => {
      // What works takes as long to load as all else: so it is loaded beside it.
      const ahead = forkWorkerAhead();
      const { startAll } = await import('./start-all.js');
      await startAll(ahead);
    });

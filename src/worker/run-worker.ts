import type { Worker } from '@temporalio/worker';
import type { Logger } from '../log.js';

/** A worker that runs. */
export interface RunningPart {
  /** False once it has failed, or is about to: as when it has lost the thread of workflow code. */
  goesOn(): boolean;
  /** Takes no more work, and waits for what is under way. Never rejects. */
  stop(): Promise<void>;
}

/** Runs a worker until it is stopped. `fail` is called when it ends without that. */
export function runWorker(worker: Worker, { fail, log }: { fail: (error: unknown) => void; log: Logger }): RunningPart {
  let stopped = false;
  const done = worker.run().catch((error: unknown) => {
    // Another worker goes on with what it was doing, so this process need not end.
    if (stopped) log.warn({ err: error }, 'a worker did not stop cleanly');
    else fail(error);
  });
  return {
    goesOn: () => stopped || worker.getState() === 'RUNNING',
    async stop() {
      stopped = true;
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await done;
    },
  };
}

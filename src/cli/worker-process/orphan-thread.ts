import { workerData } from 'node:worker_threads';

/*
 * The thread that ends a worker process whose parent is gone. The process does so itself unless something holds its event
 * loop for good, as an endless loop in an activity does: then nobody else is left who would.
 */

/** What the thread is told. */
export interface OrphanWatch {
  /** Process id of the parent. */
  readonly parent: number;
  /** How long the process has for ending by itself, in milliseconds. */
  readonly graceMs: number;
}

const LOOK_MS = 1_000;

const { parent, graceMs } = workerData as OrphanWatch;
const looking = setInterval(() => {
  // An orphan gets another parent.
  if (process.ppid === parent) return;
  clearInterval(looking);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
}, LOOK_MS);

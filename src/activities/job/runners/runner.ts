import type { ChildProcess } from 'node:child_process';
import type { GracePeriods, GroupOptions, ProcessGroup } from '../process-group.js';

/** Where the steps of a job run: as the worker's user beside it, or shut off from this machine. */
export type RunnerKind = 'host' | 'sandbox';

/** A program that a runner starts. */
export interface RunnerOptions extends GroupOptions {
  /** Folders and files outside of the workspace that this program alone may use. Everything is there on the host. */
  readonly shares?: { readonly readable?: readonly string[]; readonly writable?: readonly string[] };
}

/** Starts the processes of one job's steps. */
export interface Runner {
  readonly kind: RunnerKind;
  /** Starts a program so that it can be stopped with all that it starts. */
  start(options: RunnerOptions, gracePeriods?: GracePeriods): ProcessGroup;
  /** Starts a program on this process's terminal, or on what its input and output are. */
  attach(options: RunnerOptions): ChildProcess;
  /** Gives back what it holds. To be called once nothing runs any more. */
  close(): Promise<void>;
}

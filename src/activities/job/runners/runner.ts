import type { ChildProcess } from 'node:child_process';
import type { GracePeriods, GroupOptions, ProcessGroup } from '../process-group.js';
import type { FindShell } from '../shell.js';

/** Where the steps of a job run: as the worker's user beside it, or shut off from this machine. */
export type RunnerKind = 'host' | 'sandbox' | 'container';

/** A program that a runner starts. */
export interface RunnerOptions extends GroupOptions {
  /** Folders and files outside of the workspace that this program alone may use. Everything is there on the host. */
  readonly shares?: { readonly readable?: readonly string[]; readonly writable?: readonly string[] };
}

/** Starts the processes of one job's steps. */
export interface Runner {
  readonly kind: RunnerKind;
  /** Where that is, in words for the job's log; undefined on the host. */
  readonly inWords?: string;
  /** Starts a program so that it can be stopped with all that it starts. */
  start(options: RunnerOptions, gracePeriods?: GracePeriods): ProcessGroup;
  /** Starts a program on this process's terminal, or on what its input and output are. */
  attach(options: RunnerOptions): ChildProcess;
  /** Finds what takes a step's commands. */
  readonly findShell: FindShell;
  /** Returns what runs Hookyard's own programs over the workspace, no less shut off from the machine than the steps. */
  tools(): Promise<Pick<Runner, 'start'>>;
  /** Gives back what it holds. To be called once nothing runs any more. */
  close(): Promise<void>;
}

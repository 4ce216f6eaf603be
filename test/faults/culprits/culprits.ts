/** A run that does harm, or harm that is done to the worker. */
export interface Culprit {
  /** The branch that starts it, and its automation. `segv`: nobody does, the process is sent a signal. */
  readonly name: string;
  /** What goes wrong, in words. */
  readonly what: string;
  /**
   * What has to become of it. `aside`: it is terminated, and named. `named`: it stays open, and is named, since it harms
   * nobody else. `none`: nobody is to blame, and no run may be named.
   */
  readonly end: 'aside' | 'named' | 'none';
}

export const culprits: readonly Culprit[] = [
  { name: 'loops', what: 'for (;;) {} in a workflow', end: 'aside' },
  { name: 'fillsCode', what: '4 GB allocated in a workflow', end: 'aside' },
  { name: 'forgets', what: 'a rejection nobody handles, in a workflow', end: 'named' },
  { name: 'rejects', what: 'a rejection nobody handles, in an activity', end: 'aside' },
  { name: 'leaves', what: 'process.exit in an activity', end: 'aside' },
  { name: 'crashes', what: 'SIGSEGV in an activity', end: 'aside' },
  { name: 'fills', what: '4 GB allocated in an activity', end: 'aside' },
  { name: 'holds', what: 'for (;;) {} in an activity', end: 'aside' },
  { name: 'segv', what: 'SIGSEGV sent to the worker', end: 'none' },
];

import type { Trigger } from './trigger.js';

/** What the receiver knows of an automation: its name, its triggers, and where a person finds it. */
export interface Automation {
  /** The export's name, and the workflow type in Temporal. */
  readonly name: string;
  readonly on: readonly Trigger[];
  /** Names of jobs whose statuses a merge may wait for: where a filter keeps it from running, they say `skipped`. */
  readonly checks?: readonly string[];
  /** Comes with Hookyard. It is told of only where it runs. */
  readonly builtIn?: true;
  /** Path of the module, for messages. */
  readonly file: string;
}

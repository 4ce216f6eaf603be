import type { Trigger } from './trigger.js';

/** What the receiver knows of an automation: its name, its triggers, and where a person finds it. */
export interface Automation {
  /** The export's name, and the workflow type in Temporal. */
  readonly name: string;
  readonly on: readonly Trigger[];
  /** Path of the module, for messages. */
  readonly file: string;
}

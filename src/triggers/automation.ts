import type { Concurrency } from '../lanes/concurrency.js';
import type { Debounce } from '../lanes/held.js';
import type { Trigger } from './trigger.js';

/** What the receiver knows of an automation: its name, its triggers, and where a person finds it. */
export interface Automation {
  /** The export's name, and the workflow type in Temporal. */
  readonly name: string;
  readonly on: readonly Trigger[];
  /** Names of jobs whose statuses a merge may wait for: reported as `skipped` where a filter keeps it from running. */
  readonly checks?: readonly string[];
  /** Its lanes: the first counts whose fields an event has. */
  readonly concurrency?: readonly Concurrency[];
  /** How long its events wait for more of the same. */
  readonly debounce?: Debounce;
  /**
   * Whether its runs are cancelled when what they are about is gone; absent: those of pull requests that are closed, and not those
   * of branches that are deleted.
   */
  readonly cancelOnClose?: boolean;
  /** It comes with Hookyard. A delivery's verdicts mention it only where it runs. */
  readonly builtIn?: true;
  /** Path of the module, for messages. */
  readonly file: string;
}

/**
 * Where an automation's function carries its triggers, for the loader to find. Registered globally, because the loader
 * and the author's module may import two copies of this file.
 */
export const AUTOMATION: unique symbol = Symbol.for('hookyard.automation');

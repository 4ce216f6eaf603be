import type { Trigger } from '../triggers/trigger.js';

/** What reading one workflow module found. */
export interface ModuleReport {
  readonly file: string;
  readonly automations: { name: string; on: readonly Trigger[]; checks?: readonly string[] }[];
  /** Other exported functions: workflows that automations may start as children. */
  readonly functions: string[];
  /** Each begins with `file:line:column` where that is known. */
  readonly problems: string[];
}

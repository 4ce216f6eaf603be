import type { Automation } from '../triggers/automation.js';
import type { UsedName } from './used-names.js';

/** What one workflow module exports, and what is wrong with it. */
export interface ModuleReport {
  readonly file: string;
  readonly automations: Omit<Automation, 'builtIn' | 'file'>[];
  /** Names of other exported functions: workflows that automations may start as children. */
  readonly functions: string[];
  /** What its code names. */
  readonly names: readonly UsedName[];
  /** It could not be run to its end: what it exports is not known. */
  readonly unread?: true;
  /** Each begins with `file:line:column` where that is known. */
  readonly problems: string[];
}

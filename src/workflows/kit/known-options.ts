import { inWorkflowContext, patched } from '@temporalio/workflow';
import { readOptions } from '../../triggers/options.js';

/** Runs that an older version started go on with options that there are none of. */
const REFUSES = 'refuses-unknown-options';

/**
 * Throws a `TriggerError` for an option that there is none of: a build whose parameters are misspelt would be one without. What values
 * may be is said where they are needed. `names`: all that there are; `since`: of what was refused later than the first, the change's
 * own id. A module that is being loaded is no run.
 */
export function refuseUnknown<T extends object>(
  owner: string,
  options: T,
  names: { readonly [K in keyof Required<T>]: true },
  since = REFUSES,
): void {
  const table = Object.fromEntries(Object.keys(names).map((name) => [name, () => undefined]));
  try {
    readOptions<object>(owner, options, table as never);
  } catch (error) {
    if (!inWorkflowContext() || patched(since)) throw error;
  }
}

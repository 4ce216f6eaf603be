import { patched } from '@temporalio/workflow';
import { readOptions } from '../../triggers/options.js';

/** Runs that an older version started go on with options that there are none of. */
const REFUSES = 'refuses-unknown-options';

/**
 * Throws a `TriggerError` for an option that there is none of: a build whose parameters are misspelt would be one without. What values
 * may be is said where they are needed. `names`: all that there are.
 */
export function refuseUnknown<T extends object>(
  owner: string,
  options: T,
  names: { readonly [K in keyof Required<T>]: true },
): void {
  const table = Object.fromEntries(Object.keys(names).map((name) => [name, () => undefined]));
  try {
    readOptions<object>(owner, options, table as never);
  } catch (error) {
    if (patched(REFUSES)) throw error;
  }
}

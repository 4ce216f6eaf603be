import { patched } from '@temporalio/workflow';
import { TriggerError } from '../../triggers/options.js';

/** Runs that an older version started go on with what they gave. */
export const REQUIRES = 'requires-texts';

/**
 * Throws a {@link TriggerError} where something that must be text is none: types do not hold where a module is loaded, and a message
 * without its subject would fail far from here, in words of another library. `texts`: by the names that authors know them by.
 */
export function requireTexts(owner: string, texts: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(texts)) {
    if (typeof value === 'string' || !patched(REQUIRES)) continue;
    throw new TriggerError(`${owner}(): "${name}" must be text, not ${JSON.stringify(value) ?? 'undefined'}`);
  }
}

import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { StartDispatch } from '../store/store.js';
import { SEARCH_TYPES, searchValuesOf } from './page.js';

/** What runs are found by in the Temporal UI. A namespace must know these before one can be set. */
export const searchAttributes: readonly { readonly name: string; readonly type: 'Keyword' | 'Int' }[] = Object.entries(
  SEARCH_TYPES,
).map(([name, type]) => ({ name, type: type === 'INT' ? 'Int' : 'Keyword' }));

/** The values for the run that a dispatch starts. */
export function searchAttributesOf({ automation, event }: StartDispatch): SearchAttributePair[] {
  const values = searchValuesOf(automation, event);
  return Object.entries(values).map(([name, value]) =>
    typeof value === 'number'
      ? { key: defineSearchAttributeKey(name, 'INT'), value }
      : { key: defineSearchAttributeKey(name, 'KEYWORD'), value },
  );
}

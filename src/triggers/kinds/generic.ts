import { type OptionTable, patterns, readOptions } from '../options.js';
import { SOURCE, type SourceOptions } from './shared-options.js';

/** What `generic()` makes. */
export type GenericTrigger = { readonly kind: 'generic' } & GenericOptions;

/** Options of `generic()`. */
export interface GenericOptions extends SourceOptions {
  /** Types that count, for example `['payment_intent.*']`. Default: all. */
  readonly types?: readonly string[];
}

const OPTIONS: OptionTable<GenericOptions> = { types: patterns('text'), ...SOURCE };

/**
 * Runs on webhooks of services that are not Git providers: payments, orders, messages. Throws {@link TriggerError} on an
 * unknown or malformed option.
 *
 * @example
 * import { automation, generic, sync } from 'hookyard/workflow';
 *
 * export const payments = automation(
 *   { on: generic({ sources: ['stripe'], types: ['payment_intent.*'] }) },
 *   async (event) => {
 *     await sync.upsert('payments', event.id ?? event.deliveryId, event.data, { version: event.receivedAt });
 *   },
 * );
 */
export function generic(options: GenericOptions = {}): GenericTrigger {
  return { kind: 'generic', ...readOptions('generic', options, OPTIONS) };
}

import { checkInputSpecs, type InputSpecs } from '../inputs.js';
import { readOptions } from '../options.js';

/** What `manual()` makes. */
export type ManualTrigger<I extends InputSpecs = InputSpecs> = { readonly kind: 'manual'; readonly inputs: I };

/**
 * Runs when somebody asks for it: `hookyard run <automation> --input name=value`. Inputs are checked before the run
 * starts. Throws {@link TriggerError} on a malformed declaration.
 *
 * @example
 * import { automation, manual, notify } from 'hookyard/workflow';
 *
 * export const rollback = automation(
 *   { on: manual({ inputs: { target: ['staging', 'production'], reason: { type: 'string', optional: true } } }) },
 *   async ({ inputs }) => {
 *     await notify.slack('deploys', `${inputs.target} rolls back: ${inputs.reason ?? 'no reason given'}`);
 *   },
 * );
 */
export function manual<const I extends InputSpecs = Record<never, never>>(
  options: { readonly inputs?: I } = {},
): ManualTrigger<I> {
  const { inputs } = readOptions<{ inputs?: I }>('manual', options as { inputs?: I }, {
    inputs: (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object of inputs by name',
  });
  checkInputSpecs(inputs ?? {});
  return { kind: 'manual', inputs: inputs ?? ({} as I) };
}

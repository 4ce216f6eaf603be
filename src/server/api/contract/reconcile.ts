import { z } from 'zod';
import { list, yes } from './fields.js';

export const reconcileRun = z
  .object({
    source: z.string(),
    run: z.string().describe('workflow id'),
    underWay: yes.exactOptional().describe('it was asked for before and has not ended'),
  })
  .describe('A run that looks for missed deliveries of a source.');

/** See {@link reconcileRun}. */
export type ReconcileRun = z.output<typeof reconcileRun>;

export const reconcileAnswer = z
  .object({ runs: list(reconcileRun).describe('one for each source') })
  .describe('Looks for missed deliveries that were asked for.');

/** See {@link reconcileAnswer}. */
export type ReconcileAnswer = z.output<typeof reconcileAnswer>;

import { z } from 'zod';
import { isoTime, list } from './fields.js';

/** Who acts, and how it is known. */
export interface ActBy {
  /** What they are called, as they were signed in or as they said. */
  readonly by: string;
  /**
   * How that is known. `api`: they have the API token, and said a name themselves; `token`: they signed in with it; `oidc`, `proxy`: a
   * provider or a proxy said it; `here`: they opened the page on this machine.
   */
  readonly how: z.output<typeof how>;
  /** What an OpenID Connect provider calls them, whatever they call themselves. */
  readonly subject?: string;
}

const how = z.enum(['api', 'token', 'oidc', 'proxy', 'here']);

export const operatorAct = z
  .object({
    at: isoTime,
    by: z.string().describe('what they are called, as they were signed in or as they said'),
    how: how.exactOptional().describe('how it is known who acted; absent of acts that were kept before it was'),
    subject: z.string().exactOptional().describe('what an OpenID Connect provider calls them'),
    act: z.string().describe('cancel, rerun, approve, lane paused, for example'),
    on: z.string().describe('the run, delivery, lane, automation, source or repository: its id, where it has one'),
    result: z.string().exactOptional().describe('what it led to: the new run, or the commit that was approved'),
  })
  .describe('What an operator did, and when.');

/** See {@link operatorAct}. */
export type OperatorAct = z.output<typeof operatorAct>;

export const operatorActsAnswer = z
  .object({
    acts: list(operatorAct),
    next: z.string().exactOptional().describe('the "after" of the next page; absent on the last one'),
  })
  .describe('What operators have done, the latest first.');

/** See {@link operatorActsAnswer}. */
export type OperatorActsAnswer = z.output<typeof operatorActsAnswer>;

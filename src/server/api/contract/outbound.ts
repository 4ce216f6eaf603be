import { z } from 'zod';
import { list, milliseconds, unixMs, yes } from './fields.js';

/** One attempt to send an outbound message, as the API shows it. */
export const shownAttempt = z
  .object({
    attempt: z.number(),
    at: unixMs,
    durationMs: milliseconds,
    status: z.number().exactOptional().describe('absent when no answer came'),
    error: z.string().exactOptional(),
    answer: z.string().exactOptional().describe('its first 16 kB; only where one message is asked for'),
  })
  .describe('One try to send a message.');

/** See {@link shownAttempt}. */
export type ShownAttempt = z.output<typeof shownAttempt>;

/** An outbound message, as its last attempt has left it. */
export const shownMessage = z
  .object({
    message: z.string(),
    endpoint: z.string(),
    run: z
      .string()
      .exactOptional()
      .describe('workflow id of the run that sends it; absent where a version before has sent it'),
    state: z
      .enum(['delivered', 'refused', 'failing'])
      .describe(
        'delivered: the endpoint has taken it. refused: the endpoint will not have it, and it is not tried again. failing: the last attempt failed; it is tried again for 22 to 28 hours while its run is open.',
      ),
    attempts: list(shownAttempt).describe('the newest first'),
  })
  .describe('A message to an endpoint.');

/** See {@link shownMessage}. */
export type ShownMessage = z.output<typeof shownMessage>;

/** What a list of outbound messages is answered with. */
export const outboundAnswer = z
  .object({
    messages: list(shownMessage),
    next: z
      .number()
      .exactOptional()
      .describe('the "before" of the next page (Unix ms); absent where all attempts were looked at'),
    more: yes
      .exactOptional()
      .describe(
        'there are older attempts than were looked at: messages may be missing, and attempts of those that are there',
      ),
  })
  .describe('Messages whose last attempts are the newest, the newest first.');

/** See {@link outboundAnswer}. */
export type OutboundAnswer = z.output<typeof outboundAnswer>;

/** What is answered where a message is tried again. */
export const retryMessageAnswer = z
  .object({
    message: z.string(),
    endpoint: z.string(),
    run: z.string().describe('workflow id of the run that sends it'),
    state: z.enum(['tried now', 'being sent']).describe('being sent: it was on its way, and is left alone'),
  })
  .describe('A message that waited for its next try is sent at once.');

/** What is answered where a message is sent once more. */
export const resendMessageAnswer = z
  .object({
    message: z.string(),
    endpoint: z.string(),
    run: z.string().describe('workflow id of the run that sends it anew'),
    state: z.enum(['sent anew', 'being sent']).describe('being sent: that was asked for before, and goes on'),
  })
  .describe('A message that was given up is sent anew.');

/** See {@link resendMessageAnswer}. */
export type ResendMessageAnswer = z.output<typeof resendMessageAnswer>;

/** See {@link retryMessageAnswer}. */
export type RetryMessageAnswer = z.output<typeof retryMessageAnswer>;

import { ApplicationFailure, condition } from '@temporalio/workflow';
import type { OutboundMessage } from '../../../src/activities/contract/index.js';
import { outbound } from '../../../src/workflows/run/activities.js';

/** Workflows with each of the ends that a run can have. */
export async function passes(): Promise<{ outcome: string }> {
  return { outcome: 'passed' };
}

export async function fails(): Promise<void> {
  throw ApplicationFailure.nonRetryable('the disk of the worker is full');
}

export async function stays(): Promise<void> {
  await condition(() => false);
}

export { hookyardResend } from '../../../src/workflows/built-in/resend.js';

/** Sends messages at once, as runs do. */
export async function sends(messages: readonly OutboundMessage[]): Promise<void> {
  await Promise.all(messages.map((message) => outbound.sendWebhook(message)));
}

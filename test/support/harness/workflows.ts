import { ApplicationFailure, condition } from '@temporalio/workflow';

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

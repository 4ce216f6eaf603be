import type { WorkflowExecutionStatusName } from '@temporalio/client';
import type { RunStatus } from './contract.js';

/** Returns in our words how Temporal says that a run is. */
export function statusOf({ status }: { readonly status: { readonly name: WorkflowExecutionStatusName } }): RunStatus {
  return WORDS[status.name];
}

const WORDS = {
  RUNNING: 'running',
  PAUSED: 'running',
  CONTINUED_AS_NEW: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed out',
  UNSPECIFIED: 'unknown',
  UNKNOWN: 'unknown',
} as const satisfies Record<WorkflowExecutionStatusName, RunStatus>;

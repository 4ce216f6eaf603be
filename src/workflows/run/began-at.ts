import { workflowInfo } from '@temporalio/workflow';

/** Module state: the workflow sandbox gives each run its own. */
let first: string | undefined;

/** Returns when the run began, ISO 8601: of one that has continued as new, when its first part did. */
export function beganAt(): string {
  return first ?? workflowInfo().startTime.toISOString();
}

/** Keeps that the run began with an earlier part, at a time in ISO 8601. */
export function beganWith(time: string): void {
  first = time;
}

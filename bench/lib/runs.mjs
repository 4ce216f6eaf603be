import { setTimeout as wait } from 'node:timers/promises';

const LOOK_MS = 250;

/** How many runs of a task queue have completed. */
export async function completed({ client }, taskQueue) {
  const { count } = await client.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Completed'`);
  return count;
}

/** Waits until so many have, or the time is over; answers how many have. */
export async function untilCompleted(temporal, { taskQueue, wanted, seconds }) {
  for (const until = Date.now() + seconds * 1000; ; await wait(LOOK_MS)) {
    const count = await completed(temporal, taskQueue);
    if (count >= wanted || Date.now() > until) return count;
  }
}

/** What Temporal bills, roughly: https://docs.temporal.io/cloud/actions */
const ACTIONS = {
  workflowExecutionStartedEventAttributes: 1,
  activityTaskScheduledEventAttributes: 1,
  timerStartedEventAttributes: 1,
  markerRecordedEventAttributes: 1,
  workflowExecutionSignaledEventAttributes: 1,
  upsertWorkflowSearchAttributesEventAttributes: 1,
  startChildWorkflowExecutionInitiatedEventAttributes: 2,
};

/** What one completed run of the queue cost the server. */
export async function costOfOne({ client }, taskQueue) {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Completed'`;
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1 })) {
    const { events = [] } = await client.workflow.getHandle(workflowId).fetchHistory();
    const worth = (event) => Object.entries(ACTIONS).reduce((sum, [key, price]) => sum + (event[key] ? price : 0), 0);
    return { events: events.length, actions: events.reduce((sum, event) => sum + worth(event), 0) };
  }
  return { events: 0, actions: 0 };
}

import { workflowInfo } from '@temporalio/workflow';
import type { HookyardEvent } from '../../events/event.js';

/**
 * Returns the event with what a Schedule could not know: it starts every run with the same input, so when the run was due
 * and what it is called is filled in here. Other events are returned as they are.
 */
export function withScheduledTime(event: HookyardEvent): HookyardEvent {
  if (event.kind !== 'schedule' || event.deliveryId !== '') return event;
  const { workflowId, startTime, searchAttributes } = workflowInfo();
  const [due] = (searchAttributes.TemporalScheduledStartTime ?? []) as readonly unknown[];
  const at = due instanceof Date ? due : startTime;
  return { ...event, deliveryId: workflowId, receivedAt: startTime.toISOString(), scheduledAt: at.toISOString() };
}

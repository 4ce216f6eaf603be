import { workflowInfo } from '@temporalio/workflow';
import type { HookyardEvent } from '../../events/event.js';

/** A Schedule starts every run with the same input; when a run was due, and what it is called, is only known here. */
export function timely(event: HookyardEvent): HookyardEvent {
  if (event.kind !== 'schedule' || event.deliveryId !== '') return event;
  const { workflowId, startTime, searchAttributes } = workflowInfo();
  const [due] = (searchAttributes.TemporalScheduledStartTime ?? []) as readonly unknown[];
  const at = due instanceof Date ? due : startTime;
  return { ...event, deliveryId: workflowId, receivedAt: startTime.toISOString(), scheduledAt: at.toISOString() };
}

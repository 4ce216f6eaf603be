import type { HistoryEvent } from './history.js';

/** Returns the events in the order in which they came to be. */
export function inTime(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.toSorted((a, b) => msOf(a.eventTime) - msOf(b.eventTime) || Number(a.eventId) - Number(b.eventId));
}

/** Returns when an event came to be, as ISO 8601. */
export function timeOf({ eventTime }: HistoryEvent): string {
  return new Date(msOf(eventTime)).toISOString();
}

/** Returns a time of Temporal's in milliseconds since 1970, or 0 where there is none. */
export function msOf(time: HistoryEvent['eventTime']): number {
  return Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1e6);
}

/** Tells whether with this event the run has ended, however it did. */
export function hasRunEnded(event: HistoryEvent): boolean {
  return Boolean(
    event.workflowExecutionCompletedEventAttributes ||
      event.workflowExecutionFailedEventAttributes ||
      event.workflowExecutionCanceledEventAttributes ||
      event.workflowExecutionTerminatedEventAttributes ||
      event.workflowExecutionTimedOutEventAttributes,
  );
}

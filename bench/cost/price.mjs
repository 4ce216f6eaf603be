/**
 * What Temporal Cloud counts of a history, by https://docs.temporal.io/cloud/actions: starts, each attempt of an
 * activity, timers, signals, markers, upserts of search attributes, and two for a child. Heartbeats are in no history.
 */
const PRICES = {
  workflowExecutionStartedEventAttributes: () => 1,
  activityTaskStartedEventAttributes: ({ attempt }) => attempt ?? 1,
  timerStartedEventAttributes: () => 1,
  workflowExecutionSignaledEventAttributes: () => 1,
  markerRecordedEventAttributes: () => 1,
  upsertWorkflowSearchAttributesEventAttributes: () => 1,
  startChildWorkflowExecutionInitiatedEventAttributes: () => 2,
};

/** The actions of a run's history. */
export function actionsOf(events) {
  return events
    .flatMap((event) => Object.entries(PRICES).map(([key, price]) => (event[key] ? price(event[key]) : 0)))
    .reduce((sum, each) => sum + each, 0);
}

/** Returns what the step of a run is called in its result that starts an automation which listens to the run's end. */
export function startStepOf(automation: string): string {
  return `${START}${automation}`;
}

/** Returns which automations are started by steps of these names. */
export function startedBy(steps: readonly string[]): readonly string[] {
  return steps.filter((what) => what.startsWith(START)).map((what) => what.slice(START.length));
}

/** Stands in results. */
const START = 'Start ';

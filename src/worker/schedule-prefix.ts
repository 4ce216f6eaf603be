/** Returns how the ids of an installation's Schedules begin: others in the namespace have other task queues. */
export function schedulePrefix(taskQueue: string): string {
  return `hookyard/${encodeURIComponent(taskQueue)}/`;
}

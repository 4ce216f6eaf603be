/** Returns how the ids of an installation's Schedules begin: others in the namespace have other task queues. */
export function schedulePrefix(taskQueue: string): string {
  return `hookyard/${encodeURIComponent(taskQueue)}/`;
}

/** Returns the id of the Schedule of an automation's `cron` trigger. `index`: which of them, from 0. */
export function cronScheduleId(taskQueue: string, automation: string, index: number): string {
  return `${schedulePrefix(taskQueue)}${automation}/${index}`;
}

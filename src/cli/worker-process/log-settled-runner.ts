import type { SettledRunner } from '../../config/config.js';
import type { Logger } from '../../log.js';

/** Logs where own code runs by `jobs.runner: 'auto'`, as long as this worker lives, and why not in a sandbox. */
export function logSettledRunner(settled: SettledRunner | undefined, log: Pick<Logger, 'info' | 'warn'>): void {
  if (!settled) return;
  const { runner, ...why } = settled;
  if (why.because === undefined) log.info("jobs.runner 'auto': own code runs in a sandbox");
  else if (runner === 'host')
    log.warn(why, "jobs.runner 'auto': own code runs as the worker's user, since no sandbox can be made for it");
  else log.warn(why, "jobs.runner 'auto': own code runs in a sandbox, but none could be made just now");
}

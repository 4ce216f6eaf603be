import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_MS = 300;
const MAX_MS = 10_000;
/** Of all cores' time. */
const IDLE = 0.9;

/**
 * Waits until the machine has little to do: a Temporal server works for seconds on what it was given, and whoever is
 * measured next should not pay for it. A machine that has others' work to do is waited for ten seconds.
 */
export async function untilQuiet() {
  for (const until = performance.now() + MAX_MS; performance.now() < until; ) {
    const before = usage();
    await wait(LOOK_MS);
    const after = usage();
    if ((after.idle - before.idle) / (after.all - before.all) >= IDLE) return;
  }
}

function usage() {
  const sum = { idle: 0, all: 0 };
  for (const { times } of cpus()) {
    sum.idle += times.idle;
    for (const time of Object.values(times)) sum.all += time;
  }
  return sum;
}

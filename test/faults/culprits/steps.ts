import { setImmediate as nextTurn } from 'node:timers/promises';

/** Each takes the process down that it is called in, in its own way. */
export async function leave(): Promise<void> {
  process.exit(3);
}

export async function reject(): Promise<void> {
  void Promise.reject(new Error('nobody handles this'));
  await nextTurn();
}

export async function crash(): Promise<void> {
  process.kill(process.pid, 'SIGSEGV');
  await nextTurn();
}

/** Arrays of numbers: what the engine itself has to keep, and counts. */
const MEGABYTE_OF_NUMBERS = 131_072;

export async function fill(): Promise<number> {
  const kept: number[][] = [];
  for (let megabytes = 0; megabytes < 4_608; megabytes += 1) {
    kept.push(new Array<number>(MEGABYTE_OF_NUMBERS).fill(megabytes));
    if (megabytes % 16 === 0) await nextTurn();
  }
  return kept.length;
}

export async function hold(): Promise<void> {
  for (;;) {}
}

export async function well(): Promise<void> {}

// Loaded before Hookyard, into a test's process only: at SIGUSR2 it writes into a file for how many milliseconds its event
// loop was held at most since the last time. `node --import 'file:///…/loop-watch.mjs?file=/path'`.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = new URL(import.meta.url).searchParams.get('file');
const EVERY_MS = 1;

if (isMainThread) {
  let last = { at: performance.now(), waited: waitedMs() };
  let longest = 0;
  setInterval(() => {
    const now = { at: performance.now(), waited: waitedMs() };
    longest = Math.max(longest, now.at - last.at - (now.waited - last.waited) - EVERY_MS);
    last = now;
  }, EVERY_MS).unref();
  process.on('SIGUSR2', () => {
    writeFileSync(`${file}.new`, String(longest));
    renameSync(`${file}.new`, file);
    longest = 0;
  });
}

/** How long this thread has waited for a processor that other programs had: where the system says it, as Linux does. */
function waitedMs() {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

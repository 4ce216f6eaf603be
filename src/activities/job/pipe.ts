import type { Readable } from 'node:stream';

/** How long a pipe may be silent after its program's end before it is given up, in milliseconds. */
const QUIET_MS = 500;
/** More than pipes hold: what comes beyond it is from a process that has got away, not from the program. */
const MAX_AFTER = 4 * 1024 * 1024;

/**
 * Reads a pipe to its end. A process that has got away may hold it open for ever: once the program has ended, reading
 * ends when nothing comes any more. A reader that takes its time loses nothing.
 */
export async function* readPipe(pipe: Readable, ended: Promise<unknown>): AsyncGenerator<string> {
  pipe.setEncoding('utf8');
  let waitingSince: number | undefined = performance.now();
  let after: number | undefined;
  let isRead = false;
  let watch: NodeJS.Timeout | undefined;
  const watchIt = () => {
    after = 0;
    if (waitingSince !== undefined) waitingSince = performance.now();
    if (isRead) return;
    watch = setInterval(() => {
      if (waitingSince !== undefined && performance.now() - waitingSince >= QUIET_MS) pipe.destroy();
    }, 100);
  };
  ended.then(watchIt, watchIt);
  try {
    for await (const chunk of pipe) {
      waitingSince = undefined;
      if (after !== undefined) after += String(chunk).length;
      if (after !== undefined && after > MAX_AFTER) return;
      yield String(chunk);
      waitingSince = performance.now();
    }
  } catch (error) {
    if (!pipe.destroyed) throw error;
  } finally {
    isRead = true;
    clearInterval(watch);
  }
}

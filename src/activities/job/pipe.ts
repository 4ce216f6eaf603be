import type { Readable } from 'node:stream';

/** How long a pipe may be silent after its program has ended before it is closed, in milliseconds. */
const QUIET_MS = 500;
/** More than pipes hold: what comes beyond it is not from the program but from a process that it left behind. */
const MAX_AFTER = 4 * 1024 * 1024;

/**
 * Reads a pipe to its end. A process that the program left behind may hold it open for ever, so once the program has
 * ended, reading ends when nothing more comes. A slow reader loses nothing.
 */
export async function* readPipe(pipe: Readable, ended: Promise<unknown>): AsyncGenerator<Buffer> {
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
      if (after !== undefined) after += (chunk as Buffer).length;
      if (after !== undefined && after > MAX_AFTER) return;
      yield chunk as Buffer;
      waitingSince = performance.now();
    }
  } catch (error) {
    if (!pipe.destroyed) throw error;
  } finally {
    isRead = true;
    clearInterval(watch);
  }
}

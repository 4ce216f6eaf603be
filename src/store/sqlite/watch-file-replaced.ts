import { stat } from 'node:fs/promises';

/** What is stored until it is seen is lost. */
const EVERY_MS = 2_000;
/** One look may meet a file between two names. */
const LOOKS = 2;

/**
 * Calls `gone` once there is another file of this path than now, or none: what has the old one open goes on writing into what nobody
 * will ever read. Looks every two seconds, without keeping the process alive. Returns what ends that.
 */
export async function watchSameFile(path: string, gone: () => void, everyMs = EVERY_MS): Promise<() => void> {
  let first = await whichFile(path);
  let missed = 0;
  const timer = setInterval(async () => {
    const now = await whichFile(path);
    // What could not be asked at first is taken for the file as soon as it can be.
    if (first === 'unknown' && now !== 'none') first = now;
    missed = now === 'unknown' || now === first ? 0 : missed + 1;
    if (missed < LOOKS) return;
    clearInterval(timer);
    gone();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Returns what tells a file from all others of this machine; `unknown` where it can't be asked. */
async function whichFile(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}/${ino}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'unknown';
  }
}

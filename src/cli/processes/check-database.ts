import { valueWithin } from '../../async/deadline.js';
import type { Logger } from '../../log.js';
import { checkFile } from '../../store/sqlite/check-file.js';
import type { WatchedBackend } from '../../store/stop-at-damage.js';
import type { Lifecycle } from './lifecycle.js';

/** How long a start waits for it: enough for some hundred megabytes, on a machine that is busy too. */
const WAIT_MS = 5_000;
const MAX_MS = 10 * 60_000;

/**
 * Checks the file of the store in the background, and has the store take nothing more if it is damaged. Resolves once it is
 * known, or after 5 seconds: a start does not wait longer.
 */
export async function checkDatabase(
  backend: Pick<WatchedBackend, 'foundDamaged'>,
  { path, log, lifecycle }: { path: string; log: Logger; lifecycle: Pick<Lifecycle, 'onStop'> },
): Promise<void> {
  const stopping = new AbortController();
  const checking = checkFile(path, { ms: MAX_MS, signal: stopping.signal }).then((found) => {
    if (found.kind === 'damaged') backend.foundDamaged(found.because);
    if (found.kind === 'unknown' && !stopping.signal.aborted)
      log.warn(
        { because: found.because, file: path },
        'the database was not checked to its end; check it by hand: sqlite3 <file> "PRAGMA quick_check"',
      );
  });
  lifecycle.onStop('the check of the database', async () => {
    stopping.abort();
    await checking;
  });
  await valueWithin(WAIT_MS, checking);
}

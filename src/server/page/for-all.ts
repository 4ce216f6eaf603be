import type { PublicRuns } from '../api/public-runs.js';
import { signInFirst } from './sign-in/who-may.js';
import { createVisitorRoom } from './visitor-room.js';

/** What all are called together who have not signed in. */
export const ANYBODY = 'anybody';

/** What is answered to all of them at a time: views, and downloads, which may take long. */
const AT_ONCE = 8;
const DOWNLOADS = 4;

/** Answers those who have not signed in, about runs that everybody may look at. */
export interface ForAll {
  /** Throws {@link HttpError}: 401 for a run that not everybody may look at, as if there were none, and 429 where others ask for much. */
  mustBePublic(run: unknown): Promise<void>;
  /** Answers with something that is read soon. Throws {@link HttpError} (429). */
  read<T>(answer: () => Promise<T>): Promise<T>;
  /** Answers with something that may take long. Throws {@link HttpError} (429). */
  download<T>(answer: () => Promise<T>): Promise<T>;
}

/** Creates it: they take no room of those who have signed in. */
export function createForAll(publicRuns: PublicRuns): ForAll {
  const reading = createVisitorRoom(AT_ONCE);
  const downloading = createVisitorRoom(DOWNLOADS);
  return {
    async mustBePublic(run) {
      if (typeof run !== 'string' || !publicRuns.any || !(await reading(ANYBODY, () => publicRuns.has(run))))
        signInFirst();
    },
    read: (answer) => reading(ANYBODY, answer),
    download: (answer) => downloading(ANYBODY, answer),
  };
}

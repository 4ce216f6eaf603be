import { withDeadline } from '../../async/deadline.js';
import { onAbort } from '../../async/on-abort.js';
import { releaseWorkspace } from './release-workspace.js';
import type { Workspace } from './workspace.js';

/** Gives workspaces back while the runs of their jobs go on. Those of a worker that is killed meanwhile are swept when one starts. */
export interface Releases {
  /** Begins to give a workspace back. */
  begin(workspace: Workspace): void;
  /**
   * Takes one of so many slots, once there is one that neither a job has nor a workspace which is being given back, and returns what
   * frees it. One that takes minutes to be given back holds nobody up any more. Rejects when the signal aborts.
   */
  takeSlot(of: number, signal: AbortSignal): Promise<() => void>;
  /** Resolves once none is being given back whose files are to be kept in a place, or it takes too long. */
  of(place: string): Promise<void>;
  /** Resolves once none is being given back. */
  all(): Promise<void>;
}

/** So long a job waits for the files of the one before, instead of having all of them written. In milliseconds. */
const PLACE_MS = 10_000;

/** So long a workspace that is being given back has a slot. In milliseconds: less than jobs may be held beyond their time. */
const SLOT_MS = 3 * 60_000;

/** Returns what gives the workspaces of this process back. */
export function createReleases(deps: Parameters<typeof releaseWorkspace>[0]): Releases {
  const running = new Map<Promise<unknown>, string | undefined>();
  const waiting = new Set<() => void>();
  let taken = 0;
  const take = (): (() => void) => {
    taken += 1;
    let isTaken = true;
    return () => {
      if (isTaken) taken -= 1;
      isTaken = false;
      for (const look of [...waiting]) look();
    };
  };
  return {
    begin(workspace) {
      const place = workspace.tree?.place;
      const free = take();
      const late = setTimeout(free, SLOT_MS).unref();
      const release: Promise<unknown> = releaseWorkspace(deps, workspace).finally(() => {
        clearTimeout(late);
        running.delete(release);
        free();
      });
      running.set(release, place);
    },
    takeSlot: (of, signal) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (taken >= of) return;
          waiting.delete(look);
          stopListening();
          resolve(take());
        };
        waiting.add(look);
        const stopListening = onAbort(signal, () => {
          waiting.delete(look);
          reject(signal.reason);
        });
        if (waiting.has(look)) look();
      }),
    async of(place) {
      const those = [...running].filter(([, each]) => each === place).map(([release]) => release);
      if (those.length > 0) await withDeadline({ ms: PLACE_MS }, () => Promise.race(those)).catch(() => undefined);
    },
    async all() {
      await Promise.all(running.keys());
    },
  };
}

import { withDeadline } from '../../async/deadline.js';
import { releaseWorkspace } from './release-workspace.js';
import type { Workspace } from './workspace.js';

/** Gives workspaces back while the runs of their jobs go on. Those of a worker that is killed meanwhile are swept when one starts. */
export interface Releases {
  /** Begins to give a workspace back. */
  begin(workspace: Workspace): void;
  /** Resolves once fewer than so many are being given back: the slots of their jobs count as taken. */
  fewerThan(most: number): Promise<void>;
  /** Resolves once none is being given back whose files are to be kept in a place, or it takes too long. */
  of(place: string): Promise<void>;
  /** Resolves once none is being given back. */
  all(): Promise<void>;
}

/** So long a job waits for the files of the one before, instead of having all of them written. In milliseconds. */
const PLACE_MS = 10_000;

/** Returns what gives the workspaces of this process back. */
export function createReleases(deps: Parameters<typeof releaseWorkspace>[0]): Releases {
  const running = new Map<Promise<unknown>, string | undefined>();
  return {
    begin(workspace) {
      const place = workspace.tree?.place;
      const release: Promise<unknown> = releaseWorkspace(deps, workspace).finally(() => running.delete(release));
      running.set(release, place);
    },
    async fewerThan(most) {
      while (running.size >= most) await Promise.race(running.keys());
    },
    async of(place) {
      const those = [...running].filter(([, each]) => each === place).map(([release]) => release);
      if (those.length > 0) await withDeadline({ ms: PLACE_MS }, () => Promise.race(those)).catch(() => undefined);
    },
    async all() {
      await Promise.all(running.keys());
    },
  };
}

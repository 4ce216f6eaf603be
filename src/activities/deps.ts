import type { Config } from '../config/config.js';
import type { Logger } from '../log.js';
import type { Store } from '../store/store.js';
import type { Releases } from './job/releases.js';
import type { Ingest } from './reconcile/ingest.js';

/** What activities are built from. */
export interface ActivityDeps {
  readonly config: Config;
  readonly store: Store;
  readonly log: Logger;
  /** Puts deliveries that no request brought into the inbox. Without it, none are. */
  readonly ingest?: Ingest;
  /** The task queue of this process alone, on which the steps of its jobs run. By default the one that the job came from. */
  readonly stepsQueue?: string;
  /** Gives the workspaces of jobs back beside their runs. Without it, a job ends once that is done. */
  readonly releases?: Releases;
}

import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { artifactStorage, cacheStorage } from '../../storage/places.js';
import type { RecordStore } from '../../store/store.js';
import type { HeldJob, HoldJobInput } from '../contract/index.js';
import { createArtifactBook } from './artifacts/artifact-book.js';
import { keepArtifacts } from './artifacts/keep-artifacts.js';
import { placeArtifacts } from './artifacts/place-artifacts.js';
import { createCacheBook } from './cache/cache-book.js';
import { openCaches } from './cache/job-caches.js';
import type { OpenJob } from './open-job.js';

/** What keeping files works with. */
export interface KeptFilesDeps {
  readonly config: Pick<Config, 'data' | 'cache' | 'artifacts'>;
  readonly records: RecordStore;
  readonly log: Logger;
}

/** What of a job says which files it finds, and which it keeps. */
export interface KeptFilesOf {
  readonly caches: HoldJobInput['caches'] | undefined;
  readonly needs: HoldJobInput['needs'] | undefined;
  readonly artifacts: HoldJobInput['artifacts'] | undefined;
  readonly job: OpenJob;
  /** Workflow id. */
  readonly run: string;
  /** The workspace is as earlier steps have left it. */
  readonly isTakenUp: boolean;
  readonly signal: AbortSignal;
}

/** What is kept of one job: its artifacts, however its steps have ended, and its caches, if it `saves`. Returns what became of them. */
export type KeepFiles = (how: { readonly saves: boolean }) => Promise<Pick<HeldJob, 'caches' | 'artifacts'>>;

/** The caches and artifacts of jobs. */
export interface KeptFiles {
  /** Puts into a job's workspace what is to be there before its first step. Throws as {@link placeArtifacts} does. */
  open(of: KeptFilesOf): Promise<KeepFiles>;
  /** Has the artifacts of a job that has passed in another run be those of this one. */
  carryOver(job: { readonly name: string; readonly from: string; readonly run: string }): Promise<void>;
}

/** Returns what finds and keeps the files of jobs. */
export function createKeptFiles({ config, records, log }: KeptFilesDeps): KeptFiles {
  const caching = { config, log, storage: cacheStorage(config.data), book: createCacheBook(records) };
  const keeping = { config, log, storage: artifactStorage(config.data), book: createArtifactBook(records) };
  return {
    async open({ job, run, caches: asked = [], needs: needed = [], artifacts = [], isTakenUp, signal }) {
      if (!isTakenUp) await placeArtifacts(keeping, { job, run }, { needed, signal });
      const caches = await openCaches(caching, { job, run }, { asked, isTakenUp, signal });
      return async ({ saves }) => {
        if (saves) await caches.save(signal);
        const kept = await keepArtifacts(keeping, { job, run }, { asked: artifacts, signal });
        return {
          ...(asked.length > 0 && { caches: caches.results() }),
          ...(kept.length > 0 && { artifacts: kept }),
        };
      };
    },
    async carryOver({ name, from, run }) {
      for (const artifact of await keeping.book.of(from))
        if (artifact.job === name) await keeping.book.note({ ...artifact, run, savedAt: Date.now() });
    },
  };
}

import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { artifactStorage, cacheStorage } from '../../storage/places.js';
import { installationOf } from '../../store/installation.js';
import type { RecordStore } from '../../store/store.js';
import type { HeldJob, HoldJobInput } from '../contract/index.js';
import { createArtifactBook } from './artifacts/artifact-book.js';
import { keepArtifacts } from './artifacts/keep-artifacts.js';
import { placeArtifacts } from './artifacts/place-artifacts.js';
import { createCacheBook } from './cache/cache-book.js';
import { openCaches } from './cache/job-caches.js';
import type { OpenJob } from './open-job.js';
import { shareTime } from './packing/shared-time.js';

/** What keeping files works with. */
export interface KeptFilesDeps {
  readonly config: Pick<Config, 'data' | 'storage' | 'cache' | 'artifacts'>;
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
  /** When all has to be kept, Unix ms: whoever asked for the job gives it up then. */
  readonly endsAt: number;
  readonly signal: AbortSignal;
}

/** For what all of a job's artifacts and caches take before its steps, and after them, in milliseconds. */
const [OPEN_MS, KEEP_MS] = [10 * 60_000, 5 * 60_000];
/** Of a job that has left less than that. */
const OVER = "the job's time was over before it could be kept: raise its timeout";

/** What is kept of one job: its artifacts, however its steps have ended, and its caches, if it `saves`. Returns what became of them. */
export type KeepFiles = (how: { readonly saves: boolean }) => Promise<Pick<HeldJob, 'caches' | 'artifacts'>>;

/** The caches and artifacts of jobs. */
export interface KeptFiles {
  /** Puts into a job's workspace what is to be there before its first step. Returns undefined, and throws, as {@link placeArtifacts} does. */
  open(of: KeptFilesOf): Promise<KeepFiles | undefined>;
  /** Has the artifacts of a job that has passed in another run be those of this one. */
  carryOver(job: { readonly name: string; readonly from: string; readonly run: string }): Promise<void>;
}

/** Returns what finds and keeps the files of jobs. */
export function createKeptFiles({ config, records, log }: KeptFilesDeps): KeptFiles {
  const whose = { installation: installationOf(records) };
  const caching = { config, log, storage: cacheStorage(config, whose), book: createCacheBook(records) };
  const keeping = { config, log, storage: artifactStorage(config, whose), book: createArtifactBook(records) };
  return {
    async open({ caches: asked = [], needs: needed = [], artifacts = [], isTakenUp, endsAt, signal, ...of }) {
      const opening = { time: shareTime('what it has before its steps', OPEN_MS), signal };
      // What it goes on with holds them: which they were, only the job itself says.
      const placed = isTakenUp
        ? { hasStrangersFiles: needed.some(({ untrusted }) => untrusted === true) }
        : await placeArtifacts(keeping, of, { needed, ...opening });
      if (!placed) return undefined;
      const { hasStrangersFiles } = placed;
      const caches = await openCaches(caching, of, { asked, isTakenUp, hasStrangersFiles, ...opening });
      return async ({ saves }) => {
        const left = endsAt - Date.now();
        const isShort = left < KEEP_MS;
        const time = shareTime('what is kept of it', isShort ? left : KEEP_MS, isShort ? OVER : undefined);
        // First: they were promised, and caches are made again.
        const kept = await keepArtifacts(keeping, of, { asked: artifacts, hasStrangersFiles, time, signal });
        if (saves) await caches.save({ time, signal });
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

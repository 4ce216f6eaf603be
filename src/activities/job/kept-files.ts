import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { artifactStorage, cacheStorage } from '../../storage/places.js';
import { installationOf } from '../../store/installation.js';
import type { RecordStore } from '../../store/store.js';
import type { HeldJob, HoldJobInput } from '../contract/index.js';
import { createArtifactBook } from './artifacts/artifact-book.js';
import { artifactsOfLost, keepArtifacts } from './artifacts/keep-artifacts.js';
import { placeArtifacts } from './artifacts/place-artifacts.js';
import { markOfNeeds, type NeedsNow, needsNow, type PlacedNeeds, whichChanged } from './artifacts/placed-needs.js';
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
  /** What was placed in it before those; undefined where it is not taken up, or an older version has not told. */
  readonly before?: PlacedNeeds | undefined;
  /** When all has to be kept, Unix ms: whoever asked for the job gives it up then. */
  readonly endsAt: number;
  readonly signal: AbortSignal;
}

/** For what all of a job's artifacts and caches take before its steps, and after them, in milliseconds. */
const [OPEN_MS, KEEP_MS] = [10 * 60_000, 5 * 60_000];
/** Of a job that has left less than that. */
const OVER = "the job's time was over before it could be kept: raise its timeout";

/** What is kept of one job: its artifacts, however its steps have ended, and its caches, if it `saves`. Returns what became of them. */
export type KeepFiles = (how: {
  readonly saves: boolean;
  /** Its worker was lost, and what its steps have left with it: when the job was first held, Unix ms. */
  readonly lostSince?: number | undefined;
}) => Promise<Pick<HeldJob, 'caches' | 'artifacts'>>;

/** The files of a job whose steps may run. */
export interface OpenFiles {
  readonly placed: PlacedNeeds;
  readonly keep: KeepFiles;
}

/** What of a job that has passed says whether it counts in another run. */
export interface FilesBefore extends Pick<KeptFilesOf, 'needs'> {
  /** Names of the artifacts that were kept of it there; undefined where an older version has not noted them. */
  readonly kept: readonly string[] | undefined;
  /** Where it has passed, and where it would count, by workflow ids. */
  readonly from: string;
  readonly run: string;
  /** {@link PlacedNeeds.contents} of then; undefined where an older version has not kept them. */
  readonly contents: readonly string[] | undefined;
}

/** The caches and artifacts of jobs. */
export interface KeptFiles {
  /** Returns what a job needs, as it is now. */
  needsNow(of: Pick<KeptFilesOf, 'needs' | 'run'>): Promise<NeedsNow>;
  /** Puts into a job's workspace what is to be there before its first step. Returns undefined, and throws, as {@link placeArtifacts} does. */
  open(of: KeptFilesOf): Promise<OpenFiles | undefined>;
  /** Returns in words why a job that has passed in another run does not count as there; undefined if nothing is in the way. */
  whyNotAsBefore(of: FilesBefore): Promise<string | undefined>;
  /** Has the artifacts of a job that has passed in another run be those of this one. */
  carryOver(job: { readonly name: string; readonly from: string; readonly run: string }): Promise<void>;
}

/** Returns what finds and keeps the files of jobs. */
export function createKeptFiles({ config, records, log }: KeptFilesDeps): KeptFiles {
  const whose = { installation: installationOf(records) };
  const caching = { config, log, storage: cacheStorage(config, whose), book: createCacheBook(records) };
  const keeping = { config, log, storage: artifactStorage(config, whose), book: createArtifactBook(records) };
  return {
    needsNow: ({ needs, run }) => needsNow(keeping.book, { needed: needs, run }),
    async open({ caches: asked = [], needs: needed = [], artifacts = [], isTakenUp, before, endsAt, signal, ...of }) {
      const opening = { time: shareTime('what it has before its steps', OPEN_MS), signal };
      // What it goes on with holds them.
      const made = isTakenUp
        ? { hasStrangersFiles: mayHoldStrangers(needed, before), contents: before?.contents ?? [] }
        : await placeArtifacts(keeping, of, { needed, ...opening });
      if (!made) return undefined;
      const { hasStrangersFiles, contents } = made;
      const caches = await openCaches(caching, of, { asked, isTakenUp, hasStrangersFiles, ...opening });
      const keep: KeepFiles = async ({ saves, lostSince: since }) => {
        if (since !== undefined) {
          const lost = await artifactsOfLost(keeping, of, { asked: artifacts, since });
          return lost.length > 0 ? { artifacts: lost } : {};
        }
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
      const strangers = hasStrangersFiles && ({ strangers: true } as const);
      return { placed: { needs: markOfNeeds(needed), contents, ...strangers }, keep };
    },
    async whyNotAsBefore({ from, run, needs: needed = [], kept = [], contents }) {
      const there = kept.length > 0 ? await keeping.book.of(from) : [];
      // Another job may have kept one of the same name since: the last counts, here as there.
      const missing = kept.find((name) => !there.some((one) => one.name === name));
      if (missing !== undefined) return `its artifact ${missing} has expired, or was removed`;
      if (contents === undefined || needed.length === 0) return undefined;
      const other = whichChanged(contents, (await needsNow(keeping.book, { needed, run })).contents);
      return other === undefined ? undefined : `the artifact ${needed[other]?.name} that it needs is another one`;
    },
    async carryOver({ name, from, run }) {
      for (const artifact of await keeping.book.of(from))
        if (artifact.job === name) await keeping.book.note({ ...artifact, run, savedAt: Date.now() });
    },
  };
}

/** Whatever an artifact is marked as that was placed before: the job has said that it takes a stranger's. */
function mayHoldStrangers(needed: NonNullable<HoldJobInput['needs']>, before: PlacedNeeds | undefined): boolean {
  return before?.strangers === true || needed.some(({ untrusted }) => untrusted === true);
}

import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { pino } from 'pino';
import type { CacheAsked, CacheResult, RunJobInput } from '../../../../src/activities/contract/index.js';
import { type CacheBook, createCacheBook } from '../../../../src/activities/job/cache/cache-book.js';
import type { CacheDeps } from '../../../../src/activities/job/cache/job-cache.js';
import { openCaches } from '../../../../src/activities/job/cache/job-caches.js';
import { createWithJob, type OpenJob } from '../../../../src/activities/job/open-job.js';
import { shareTime } from '../../../../src/activities/job/packing/shared-time.js';
import { runStep } from '../../../../src/activities/job/run-step.js';
import type { BlobStorage } from '../../../../src/storage/blob-storage.js';
import { cacheStorage } from '../../../../src/storage/places.js';
import { installationOf } from '../../../../src/store/installation.js';
import { activity, type Jobs } from '../../../support/harness/jobs.js';

/** A job with caches, whose steps pass. */
export interface Cached {
  readonly cache?: CacheAsked | readonly CacheAsked[];
  readonly steps?: readonly string[];
  readonly checkout?: Partial<RunJobInput['checkout']>;
  readonly more?: Partial<Pick<RunJobInput, 'trust' | 'runner'>>;
  readonly isTakenUp?: boolean;
  readonly hasStrangersFiles?: boolean;
  /** What restoring may take, and saving, in milliseconds. */
  readonly ms?: number;
  /** In the place of what is there. */
  readonly deps?: Partial<CacheDeps>;
  /** Is called before the first step, and before the caches are saved. */
  readonly onOpen?: (job: OpenJob) => Promise<void>;
  readonly beforeSave?: (job: OpenJob) => Promise<void>;
}

/** What became of it. */
export interface Ran {
  readonly run: string;
  readonly results: readonly CacheResult[];
  /** What its steps have printed, and what its log says of caches. */
  readonly printed: readonly string[];
  readonly notes: readonly string[];
}

/** Jobs that cache, over a real repository, a real store and the data folder's storage. */
export interface Caching {
  readonly storage: BlobStorage;
  readonly book: CacheBook;
  readonly folder: string;
  run(job: Cached): Promise<Ran>;
  /** Returns the paths of the blobs. */
  blobs(): Promise<readonly string[]>;
}

/** Returns what runs such jobs. */
export function openCaching(jobs: Jobs): Caching {
  const { config, store } = jobs;
  const storage = cacheStorage(config, { installation: installationOf(store.records) });
  const book = createCacheBook(store.records);
  const folder = join(config.data, 'storage', 'caches');
  const log = pino({ level: 'silent' });
  const gracePeriods = { interruptMs: 400, terminateMs: 400 };
  const withJob = createWithJob({ config, store, log, gracePeriods, reportPending: async () => undefined });
  return {
    storage,
    book,
    folder,
    async run({ cache = [], steps = [], checkout = {}, more = {}, deps, onOpen, beforeSave, ...how }) {
      const { isTakenUp = false, hasStrangersFiles = false, ms = 60_000 } = how;
      const run = `ci/github/${randomUUID()}`;
      const asked = (Array.isArray(cache) ? cache : [cache]) as readonly CacheAsked[];
      const input = { ...(await jobs.input({ steps: [...steps], checkout, ...more })), steps: steps.length };
      const around = activity({ workflowExecution: { workflowId: run, runId: 'r' }, workflowType: 'ci' });
      const results = await around.run(
        () =>
          withJob(input, async (job) => {
            const { cancellationSignal: signal } = Context.current();
            const caching = { config, log, storage, book, ...deps };
            await onOpen?.(job);
            const time = shareTime('what it has before its steps', ms);
            const opening = { asked, isTakenUp, hasStrangersFiles, time, signal };
            const caches = await openCaches(caching, { job, run }, opening);
            for (const [i, line] of steps.entries()) {
              const step = { name: `step ${i + 1}`, run: line };
              const { outcome } = await runStep(job, { step, number: i + 1, attempt: 1, signal });
              if (outcome !== 'passed') throw new Error(`"${line}" did not pass: ${job.facts().tail}`);
            }
            await beforeSave?.(job);
            await caches.save({ time: shareTime('what is kept of it', ms), signal });
            return caches.results();
          }),
        undefined,
      );
      const lines = await store.logs.read({ workflowId: run, job: 'test' }, { after: 0, limit: 500 });
      return {
        ...{ run, results },
        printed: lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text),
        notes: lines
          .filter(({ stream, text }) => stream === 'note' && text.startsWith('cache'))
          .map(({ text }) => text),
      };
    },
    async blobs() {
      const below = join(folder, 'blobs');
      const found = await readdir(below, { recursive: true, withFileTypes: true }).catch(() => []);
      return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    },
  };
}

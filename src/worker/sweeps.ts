import { Client } from '@temporalio/client';
import { createArtifactBook } from '../activities/job/artifacts/artifact-book.js';
import { createArtifactSweep } from '../activities/job/artifacts/sweep-artifacts.js';
import { createCacheBook } from '../activities/job/cache/cache-book.js';
import { createCacheSweep } from '../activities/job/cache/sweep-caches.js';
import { createSnapshotSweep } from '../activities/job/snapshots/sweep.js';
import { createStatusBook } from '../activities/status/status-book.js';
import { createStatusSweep } from '../activities/status/sweep-statuses.js';
import { createQueueStatuses } from '../activities/status/tell-queued.js';
import { createProviders } from '../providers/apis.js';
import { artifactStorage, cacheStorage } from '../storage/places.js';
import { installationOf } from '../store/installation.js';
import type { Automation } from '../triggers/automation.js';
import { isRunOpen } from './is-run-open.js';
import { sweepAgain } from './sweep-again.js';
import type { WorkerDeps } from './worker-deps.js';

const KEPT_EVERY_MS = 10 * 60_000;

/** What runs, and until when. */
export interface Swept {
  readonly automations: () => readonly Automation[];
  readonly signal: AbortSignal;
}

/**
 * Does again and again what no run does for itself: tells of runs that wait or are gone, and removes what jobs have kept for long enough.
 * Resolves when the signal has aborted and all that was under way has ended.
 */
export function sweepForRuns(
  { config, store, connection, namespace, log }: WorkerDeps,
  { automations, signal }: Swept,
): Promise<unknown> {
  const { inbox, lanes, records } = store;
  const providers = createProviders({ config, log, signal: () => signal });
  const telling = { providers, book: createStatusBook(records), ...{ config, inbox, log } };
  const client = new Client({ connection, namespace });
  const of = { installation: installationOf(records), ending: signal };
  const ended = createStatusSweep({ ...telling, client });
  const waiting = createQueueStatuses({ ...telling, namespace, lanes, automations });
  const workspaces = createSnapshotSweep({ config, records, isOpen: (run) => isRunOpen(client, run) });
  const artifacts = createArtifactSweep({ storage: artifactStorage(config, of), book: createArtifactBook(records) });
  const caches = createCacheSweep({ config, storage: cacheStorage(config, of), book: createCacheBook(records) });
  const kept = { signal, log, everyMs: KEPT_EVERY_MS };
  return Promise.all([
    sweepAgain({ pass: ended.pass, what: 'end the commit statuses of ended runs', signal, log }),
    sweepAgain({ pass: waiting.pass, what: 'tell in commit statuses how runs wait in lanes', signal, log }),
    sweepAgain({ pass: workspaces, what: 'remove workspaces of failed jobs', ...kept }),
    sweepAgain({ pass: artifacts, what: 'remove expired artifacts', ...kept }),
    sweepAgain({ pass: caches, what: 'remove cached files', ...kept }),
  ]);
}

import { Worker } from '@temporalio/worker';
import { jobsQueueOf } from '../runs/names.js';
import { noteJobs } from './careful.js';
import { type RunningPart, runWorker } from './run-worker.js';
import { sharedOptions, type WorkerDeps } from './worker-deps.js';

type Activities = Readonly<Record<string, (...args: never[]) => unknown>>;

/** What the workers of jobs do. */
export interface JobWork {
  /** Those that take a slot: jobs, and checkouts of whole repositories. */
  readonly activities: Activities;
  /** Those of jobs that are held by this process: its task queue is its own. */
  readonly steps: Activities;
  readonly stepsQueue: string;
  /** Called when a worker ends without having been stopped. */
  readonly fail: (error: unknown) => void;
}

/** Starts the worker of jobs and that of their steps. Rejects where one can't be made, and leaves none behind. */
export async function startJobWorkers(
  deps: WorkerDeps,
  { activities, steps, stepsQueue, fail }: JobWork,
): Promise<Pick<RunningPart, 'stop'>> {
  const { config, log, careful } = deps;
  const options = sharedOptions(deps);
  const { interceptors } = options;
  const noting = careful ? [noteJobs(careful)] : [];
  const jobWorker = runWorker(
    await Worker.create({
      ...options,
      interceptors: { ...interceptors, activity: [...noting, ...interceptors.activity] },
      taskQueue: jobsQueueOf(config.temporal.taskQueue),
      activities,
      maxConcurrentActivityTaskExecutions: config.jobs.slots,
    }),
    { fail, log },
  );
  // Jobs that are held have their slots: what they are held for waits for none.
  const stepWorker = await Worker.create({
    ...options,
    taskQueue: stepsQueue,
    activities: steps,
    maxConcurrentActivityTaskExecutions: 10 + 4 * config.jobs.slots,
  }).then(
    (created) => runWorker(created, { fail, log }),
    async (error: unknown) => {
      await jobWorker.stop();
      throw error;
    },
  );
  // The steps of jobs go on for as long as these may.
  return { stop: () => jobWorker.stop().then(stepWorker.stop) };
}

import { Worker, type WorkerOptions, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { Logger } from '../log.js';
import { type Careful, carefulOptions } from './careful.js';
import { type RunningPart, runWorker } from './run-worker.js';

/** What {@link createFlowWorkers} works with. */
export interface FlowWorkersDeps {
  readonly options: Pick<WorkerOptions, 'connection' | 'namespace' | 'interceptors'>;
  readonly taskQueue: string;
  readonly activities: Readonly<Record<string, (...args: never[]) => unknown>>;
  /** Whether an activity of this name is an author's. */
  readonly isAuthors: (activity: string) => boolean;
  readonly careful: Careful | undefined;
  readonly fail: (error: unknown) => void;
  readonly log: Logger;
}

/** Starts workers for the code of runs and for all activities but jobs. */
export interface FlowWorkers {
  /** Rejects when the bundle can't be used, and leaves no worker behind. */
  start(workflowBundle: WorkflowBundleWithSourceMap): Promise<RunningFlows>;
  /** Has those that are started from now on work at many things at once. */
  relax(): void;
}

/** Workers that run. */
export interface RunningFlows {
  /** Takes no more work, and waits for what is under way, which is cancelled soon. Never rejects. */
  stop(): Promise<void>;
  /**
   * Takes no more work, and lets activities that are under way end in their own time, unless it is stopped. Resolves when no
   * code of runs is at work. Never rejects.
   */
  retire(): Promise<void>;
}

/** Returns what starts them: careful ones, if `careful` is given, until that is over. */
export function createFlowWorkers(deps: FlowWorkersDeps): FlowWorkers {
  const parts = new Set<RunningPart>();
  const goesOn = () => [...parts].every((part) => part.goesOn());
  const { options, taskQueue, activities } = deps;
  let careful = deps.careful && { ...deps.careful, ...carefulOptions(deps.careful, { ...deps, goesOn }) };
  let generation = 0;
  const create = (more: Partial<WorkerOptions>) =>
    Worker.create({
      ...options,
      // While an old worker drains, the new one polls the same queue: only another build of it may.
      workerDeploymentOptions: {
        version: { deploymentName: 'hookyard', buildId: `${process.pid}.${++generation}` },
        useWorkerVersioning: false,
      },
      taskQueue,
      activities,
      ...more,
    });
  const started = (worker: Worker) => {
    const part = runWorker(worker, deps);
    parts.add(part);
    return () => part.stop().finally(() => parts.delete(part));
  };

  async function startMany(workflowBundle: WorkflowBundleWithSourceMap): Promise<RunningFlows> {
    const worker = await create({
      workflowBundle,
      maxCachedWorkflows: 400,
      maxConcurrentWorkflowTaskExecutions: 40,
      // Each poll holds a slot, and a run that is started eagerly needs a free one.
      workflowTaskPollerBehavior: { type: 'autoscaling', maximum: 20 },
      activityTaskPollerBehavior: { type: 'autoscaling', maximum: 20 },
      maxConcurrentActivityTaskExecutions: 50,
    });
    const stop = started(worker);
    return { stop, retire: stop };
  }

  async function startOneByOne(
    workflowBundle: WorkflowBundleWithSourceMap,
    { code, steps, interceptor, retireSteps }: NonNullable<typeof careful>,
  ): Promise<RunningFlows> {
    const interceptors = {
      ...options.interceptors,
      activity: [interceptor, ...(options.interceptors?.activity ?? [])],
    };
    const stopCode = started(await create({ ...code, workflowBundle }));
    const stopSteps = await create({ ...steps, interceptors }).then(started, async (error: unknown) => {
      await stopCode();
      throw error;
    });
    return {
      async stop() {
        await Promise.all([stopCode(), stopSteps()]);
      },
      async retire() {
        // Not awaited: an activity may take hours.
        void retireSteps().then(stopSteps);
        await stopCode();
      },
    };
  }

  return {
    start: (workflowBundle) => (careful ? startOneByOne(workflowBundle, careful) : startMany(workflowBundle)),
    relax() {
      careful = undefined;
    },
  };
}

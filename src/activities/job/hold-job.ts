import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { backoffMs } from '../../async/backoff.js';
import { withDeadline } from '../../async/deadline.js';
import { onAbort } from '../../async/on-abort.js';
import { retry } from '../../async/retry.js';
import { withoutControls } from '../../events/markdown.js';
import { JOB_READY_SIGNAL } from '../../runs/names.js';
import { contextOf } from '../../runs/status-context.js';
import type { RecordStore } from '../../store/store.js';
import { activityProviders } from '../activity-providers.js';
import type {
  Activities,
  CloseJobInput,
  FailureType,
  HeldJob,
  JobReady,
  PassedJob,
  RunStepInput,
  StepRan,
} from '../contract/index.js';
import { stepInWords } from '../contract/step-notes.js';
import { refused, unavailable } from '../failures.js';
import { withHeartbeat } from '../heartbeat.js';
import { createAnnotationBook } from '../status/annotation-book.js';
import { MOST_STILL_MS } from './job-clock.js';
import { createKeptFiles } from './kept-files.js';
import { attemptOf, createWithJob, type JobDeps, type OpenJob } from './open-job.js';
import { beforeOf, countAsBefore, countsInWords, runsAgainInWords } from './passed/count-as-before.js';
import { createPassedJobs, type Passed } from './passed/passed-jobs.js';
import { runStep } from './run-step.js';
import { takeUp } from './snapshots/go-on.js';
import { keepJob, markBegin, type Progress, snapshotJob } from './snapshots/keep-job.js';
import { holdOf, type RanStep } from './snapshots/snapshot.js';
import { dropSnapshot } from './snapshots/snapshots.js';
import { createTail } from './tail.js';

/** A job that this process holds. */
interface Held {
  readonly job: OpenJob;
  /** Of the run that it is of. */
  readonly workflowId: string;
  readonly runId: string | undefined;
  /** Names its snapshots: {@link SnapshotName}. */
  readonly hold: string;
  /** Aborts when it is held no more. */
  readonly ending: AbortController;
  /** Resolves to why it is to be closed. */
  readonly closed: Promise<CloseJobInput>;
  readonly close: (how: CloseJobInput) => void;
  /** What is done in its workspace, which is not removed meanwhile. */
  readonly atWork: Set<Promise<unknown>>;
  /** Of the steps so far, the last attempt of each. */
  readonly ran: Map<number, RanStep>;
  /** When steps began to change the workspace, Unix ms, by its file system's clock. */
  readonly since: number;
  /** A step has run here. */
  hasWorked: boolean;
  /** Aborts when the time of what runs after the end is over: counted from the first of it. */
  after?: AbortSignal;
}

const SIGNAL_MS = 10_000;
const PAUSE = { firstMs: 300, maxMs: 5_000 };
/** Beyond the time of the job, of what runs after it and of what may pass between steps. */
const SPARE_MS = 60_000;
/** Of the end of a step's output, in characters: it stands in the history. */
const SHOWN = 2_000;

/**
 * Returns the activities of jobs that run step by step. What they share is in this process's memory: `runStep` and `closeJob` have
 * to be called where `holdJob` is at work. A worker that is lost has `holdJob` begin anew elsewhere, with a workspace of its own.
 */
export function createHeldJobs(
  deps: JobDeps,
  providers = activityProviders(deps),
): Pick<Activities, 'holdJob' | 'runStep' | 'keepJob' | 'snapshotJob' | 'closeJob'> {
  const withJob = createWithJob(deps, providers);
  const passedJobs = createPassedJobs({ config: deps.config, records: deps.store.records, log: deps.log });
  const keptFiles = createKeptFiles({ config: deps.config, records: deps.store.records, log: deps.log });
  const jobs = new Map<string, Held>();
  /** Throws where this process does not hold the job, or not for the run that asks. */
  const heldAs = (workspace: string): Held => {
    const held = jobs.get(workspace);
    if (!held || held.runId !== runIdOf(Context.current())) throw lost();
    return held;
  };
  return {
    async holdJob({ id, afterMs, from, snapshots, caches, needs, artifacts, ...input }) {
      const { info, cancellationSignal: signal } = Context.current();
      const attempt = attemptOf(input);
      const run = info.workflowExecution?.workflowId ?? '';
      const known = await withHeartbeat(() => passedJobs.find(input, from));
      if (known.kind === 'passed' && known.passed.merge === undefined) {
        await passedJobs.note(input, run, known.passed);
        await keptFiles.carryOver({ name: input.name, from: known.run, run });
        return countAsBefore(deps, input, known);
      }
      return withJob(input, async (job, isOut) => {
        if (!isOut) return { ...job.facts(), timedOut: true };
        if (known.kind === 'passed' && known.passed.merge === job.merge()) {
          await job.jobLog.note(countsInWords(input.name, known.run));
          await passedJobs.note(input, run, known.passed);
          await keptFiles.carryOver({ name: input.name, from: known.run, run });
          return { ...job.facts(), before: beforeOf(known.passed) };
        }
        if (known.kind !== 'unknown') await job.jobLog.note(runsAgainInWords(known));
        const workspace = randomUUID();
        const held = holding(job, { id, since: await markBegin(job) });
        const isAgain = snapshots === true && attempt > 1;
        const { ran, told } = await takeUp(deps, held, {
          hold: isAgain ? held.hold : undefined,
          from: known.kind === 'unknown' ? from : undefined,
          signal,
        });
        for (const one of ran) held.ran.set(one.number, one);
        const isTakenUp = told.after !== undefined || told.done !== undefined;
        const keepFiles = await keptFiles.open({ job, run, caches, needs, artifacts, isTakenUp, signal });
        jobs.set(workspace, held);
        job.clock.standStill();
        try {
          const taskQueue = deps.stepsQueue ?? info.taskQueue;
          const { url } = job.facts();
          await tellReady({ job: id, attempt, taskQueue, workspace, url, ...told });
          const mostMs = job.clock.endsAt() - Date.now() + MOST_STILL_MS + afterMs + SPARE_MS;
          const { lost: because, cancelled, passed, saves } = await untilClosed(held, mostMs);
          if (because !== undefined) throw unavailable(`begins anew, since a step was lost: ${because}`);
          if (cancelled) await job.jobLog.note('cancelled');
          const ended = job.facts();
          // One that takes the place of a lost worker when the steps are done has run none of them.
          if (held.hasWorked) await job.background.stop();
          const kept = held.hasWorked && !cancelled ? await keepFiles({ saves: saves === true }) : {};
          const facts = { ...ended, ...kept };
          // Where another worker ran the steps, and was lost then, what is checked out here may be another merge than passed there.
          if (passed && held.ran.size > 0) await passedJobs.note(input, run, passedNow(job, passed, facts));
          else if (!passed && !cancelled) await passedJobs.forget(input, run);
          if (snapshots) {
            const { workflowId, hold } = held;
            await dropSnapshot(deps.config.data, { workflowId, job: input.name, hold });
          }
          return { ...facts, ...((await isAnnotated(job, deps.store.records)) && { annotated: true }) };
        } finally {
          jobs.delete(workspace);
          held.ending.abort();
          await Promise.allSettled([...held.atWork, job.background.stop()]);
        }
      });
    },

    runStep: ({ workspace, ...input }) =>
      withHeartbeat(async () => {
        const held = heldAs(workspace);
        const { job } = held;
        const { cancellationSignal, cancelled } = Context.current();
        const tail = createTail();
        // Between two attempts are pauses that the author wants.
        job.clock.goOn({ counts: input.attempt > 1 });
        const work = attempt(held, input, { cancelled: cancellationSignal, onLine: tail.add });
        const ran = await inWorkspace(held, work).finally(() => {
          if (held.atWork.size === 0) job.clock.standStill();
        });
        const { turnsRed: _, ...step } = input.step;
        held.ran.set(input.number, { number: input.number, step, ran });
        held.hasWorked = true;
        if (held.ending.signal.aborted) throw lost();
        if (cancellationSignal.aborted) await cancelled;
        if (ran.outcome !== 'passed') throw failed(ran, tail.read());
        return ran;
      }),

    keepJob: ({ workspace, failedAt, steps }) =>
      withHeartbeat(async () => {
        const held = heldAs(workspace);
        const failed = held.ran.get(failedAt);
        if (!failed) throw lost();
        return inWorkspace(held, keepJob(deps, held, { ...soFar(held, failedAt), failed, steps }));
      }),

    snapshotJob: ({ workspace, after }) =>
      withHeartbeat(async () => {
        const held = heldAs(workspace);
        await inWorkspace(held, snapshotJob(deps, held, { ...soFar(held, after + 1), hold: held.hold, after }));
      }),

    async closeJob(how) {
      const { job, close } = heldAs(how.workspace);
      close(how);
      return job.facts();
    },
  };
}

function holding(job: OpenJob, { id, since }: { id: string; since: number }): Held {
  const { workflowId = '', runId } = Context.current().info.workflowExecution ?? {};
  let close: Held['close'] = () => undefined;
  const closed = new Promise<CloseJobInput>((resolve) => {
    close = resolve;
  });
  return {
    ...{ job, workflowId, runId },
    hold: holdOf({ runId, id }),
    ending: new AbortController(),
    closed,
    close,
    atWork: new Set(),
    ran: new Map(),
    since,
    hasWorked: false,
  };
}

function passedNow({ merge }: OpenJob, passed: PassedJob, { durationMs, tail, attempt }: HeldJob): Passed {
  return { ...passed, durationMs, tail, attempt, merge: merge() };
}

/** Returns what work does in a job's workspace. */
function inWorkspace<T>({ atWork }: Held, work: Promise<T>): Promise<T> {
  atWork.add(work);
  return work.finally(() => atWork.delete(work));
}

/** Returns what ran before a step, but for background steps, which are begun again where the job goes on there. */
function soFar({ ran, since, ending }: Held, number: number): Progress {
  const before = [...ran.values()].filter((one) => one.number < number && !one.step.background);
  return { ran: before, since, signal: ending.signal };
}

/** Whether problems of an earlier run are shown on the job's commit or pull request. Where nobody can tell, none are. */
async function isAnnotated({ input }: OpenJob, records: RecordStore): Promise<boolean> {
  const { source, repository, home = repository, sha, pullRequest } = input.checkout;
  const context = contextOf(Context.current().info.workflowType ?? '', input.name);
  const book = createAnnotationBook(records);
  const places = [{ sha }, ...(pullRequest ? [{ pullRequest: pullRequest.number }] : [])];
  const shown = places.map((on) => book.isShown({ source, repository: home, context, on }));
  return (await Promise.all(shown).catch((): boolean[] => [])).includes(true);
}

function runIdOf({ info }: Context): string | undefined {
  return info.workflowExecution?.runId;
}

/** Tells the run that its steps may run here, until it knows. Throws where the run has ended, and the `CancelledFailure`. */
async function tellReady(ready: JobReady): Promise<void> {
  const { client, info, cancelled, cancellationSignal } = Context.current();
  const { workflowId = '', runId } = info.workflowExecution ?? {};
  const run = client.workflow.getHandle(workflowId, runId);
  const told = retry(() => withDeadline({ ms: SIGNAL_MS }, () => run.signal(JOB_READY_SIGNAL, ready)), {
    again: (error) => !(error instanceof WorkflowNotFoundError) && !cancellationSignal.aborted,
    pauseMs: (tries) => backoffMs(tries, PAUSE),
  });
  await Promise.race([told, cancelled]).catch((error) => {
    throw error instanceof WorkflowNotFoundError ? refused('the run has ended') : error;
  });
}

/** Returns why the job is closed. Throws when nobody closes it in time, and the `CancelledFailure`. */
async function untilClosed({ closed }: Held, mostMs: number): Promise<CloseJobInput> {
  const { cancelled } = Context.current();
  const because = `the job was held for ${Math.round(mostMs / 1000)} s, longer than it may take, and its run has not closed it: does a worker do the work of its run?`;
  return withDeadline({ ms: mostMs, error: () => refused(because) }, () => Promise.race([closed, cancelled]));
}

/** Runs one attempt of a step, until it ends, is cancelled, or the job is held no more. */
async function attempt(
  held: Held,
  { step, number, attempt, afterMs }: Omit<RunStepInput, 'workspace'>,
  { cancelled, onLine }: { cancelled: AbortSignal; onLine: (line: string) => void },
): Promise<StepRan> {
  const { job, ending } = held;
  const stop = new AbortController();
  const off = [cancelled, ending.signal].map((signal) => onAbort(signal, () => stop.abort()));
  if (afterMs !== undefined) held.after ??= AbortSignal.timeout(Math.max(afterMs, job.clock.endsAt() - Date.now()));
  const after = afterMs === undefined ? undefined : held.after;
  try {
    return await runStep(job, { step, number, attempt, signal: stop.signal, after, onLine });
  } finally {
    for (const stopListening of off) stopListening();
  }
}

/** A step that did not pass is a result. It fails all the same, so that it is seen where activities are listed. */
function failed(ran: StepRan, printed: string): ApplicationFailure {
  return ApplicationFailure.create({
    message: `${ran.name}: ${stepInWords(ran)}\n${withoutControls(printed).slice(-SHOWN)}`.trimEnd(),
    type: 'StepFailed' satisfies FailureType,
    details: [ran],
    nonRetryable: true,
    category: ApplicationFailureCategory.BENIGN,
  });
}

function lost(): ApplicationFailure {
  const type: FailureType = 'JobLost';
  return ApplicationFailure.nonRetryable('this worker does not hold the job, or no more', type);
}

import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { activityProviders } from '../activity-providers.js';
import type { Activities, HeldJob } from '../contract/index.js';
import { unavailable } from '../failures.js';
import { withHeartbeat } from '../heartbeat.js';
import { type Held, holding, inWorkspace, lost, soFar, untilClosed } from './holding/held.js';
import { createNoteEnd } from './holding/note-end.js';
import { runHeldStep } from './holding/run-held-step.js';
import { tellReady } from './holding/tell-ready.js';
import { MOST_STILL_MS } from './job-clock.js';
import { createKeptFiles } from './kept-files.js';
import { attemptOf, createWithJob, type JobDeps, type OpenJob } from './open-job.js';
import { beforeOf, countAsBefore, countsInWords, runsAgainInWords } from './passed/count-as-before.js';
import { knownNow, upTo } from './passed/earlier-result.js';
import { createPassedJobs } from './passed/passed-jobs.js';
import { folderBefore, takeUp } from './snapshots/go-on.js';
import { keepJob, markBegin, snapshotJob } from './snapshots/keep-job.js';
import { holdOf } from './snapshots/snapshot.js';

/** Beyond the time of the job, of what runs after it and of what may pass between steps; and of what is kept of it, to tell of that. */
const SPARE_MS = 60_000;

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
  const noteEnd = createNoteEnd(deps, passedJobs);
  const keptFiles = createKeptFiles({ config: deps.config, records: deps.store.records, log: deps.log });
  const jobs = new Map<string, Held>();
  /** Throws where this process does not hold the job, or not for the run that asks. */
  const heldAs = (workspace: string): Held => {
    const held = jobs.get(workspace);
    if (!held || held.runId !== Context.current().info.workflowExecution?.runId) throw lost();
    return held;
  };
  return {
    async holdJob({ id, afterMs, from, snapshots = false, caches, needs, artifacts, ...input }) {
      const { info, cancellationSignal: signal } = Context.current();
      const endsAt = Date.now() + info.startToCloseTimeoutMs - SPARE_MS;
      const attempt = attemptOf(input);
      const { workflowId: run = '', runId } = info.workflowExecution ?? {};
      const hold = snapshots && attempt > 1 ? holdOf({ runId, id }) : undefined;
      const asked = { ...input, needs, artifacts };
      const known = await withHeartbeat(() => knownNow({ passedJobs, keptFiles }, asked, { run, from }));
      if (known.kind === 'passed' && known.passed.merge === undefined) {
        await passedJobs.note(asked, run, known.passed);
        await keptFiles.carryOver({ name: input.name, from: known.run, run });
        return countAsBefore(deps, input, known);
      }
      const opened = async (job: OpenJob, isOut: boolean): Promise<HeldJob> => {
        if (!isOut) return { ...job.facts(), timedOut: true };
        if (known.kind === 'passed' && known.passed.merge === job.merge()) {
          await job.jobLog.note(countsInWords(input.name, known.run));
          await passedJobs.note(asked, run, known.passed);
          await keptFiles.carryOver({ name: input.name, from: known.run, run });
          return { ...job.facts(), before: beforeOf(known.passed) };
        }
        if (known.kind !== 'unknown') await job.jobLog.note(runsAgainInWords(known));
        const workspace = randomUUID();
        const held = holding(job, { id, since: await markBegin(job) });
        const { ran, told, ...taken } = await takeUp(deps, held, {
          hold,
          from: known.kind === 'unknown' ? upTo(from, known.failedIn) : undefined,
          needsNow: () => keptFiles.needsNow({ needs, run }),
          signal,
        });
        for (const one of ran) held.ran.set(one.number, one);
        const files = await keptFiles.open({ job, run, caches, needs, artifacts, ...taken, endsAt, signal });
        if (!files) return { ...job.facts(), timedOut: true };
        held.placed = files.placed;
        jobs.set(workspace, held);
        job.clock.standStill();
        try {
          const taskQueue = deps.stepsQueue ?? info.taskQueue;
          const { url } = job.facts();
          await tellReady({ job: id, attempt, taskQueue, workspace, url, ...told });
          const mostMs = job.clock.endsAt() - Date.now() + MOST_STILL_MS + afterMs + SPARE_MS;
          const { lost: because, ...how } = await untilClosed(held, mostMs);
          if (because !== undefined) throw unavailable(`begins anew, since a step was lost: ${because}`);
          if (how.cancelled) await job.jobLog.note('cancelled');
          return await noteEnd({ held, input: asked, how, from, snapshots, keepFiles: files.keep });
        } finally {
          jobs.delete(workspace);
          held.ending.abort();
          await Promise.allSettled([...held.atWork, job.background.stop()]);
        }
      };
      return withJob(input, opened, { folder: await folderBefore(deps, { ...input, run }, { hold, from }) });
    },

    runStep: ({ workspace, ...input }) => withHeartbeat(async () => runHeldStep(heldAs(workspace), input)),

    keepJob: ({ workspace, failedAt, steps }) =>
      withHeartbeat(async () => {
        const held = heldAs(workspace);
        const failed = held.ran.get(failedAt);
        if (!failed) throw lost();
        // Those that have run here are known in full.
        const all = steps?.map((step, i) => held.ran.get(i + 1)?.step ?? step);
        return inWorkspace(held, keepJob(deps, held, { ...soFar(held, failedAt), failed, steps: all }));
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

import type { LoadedDataConverter } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { z } from 'zod';
import { JOB_READY_SIGNAL } from '../../../runs/names.js';
import { WAITING_FOR } from '../../../runs/search-attributes.js';
import { maskData } from '../../../secrets/mask-values.js';
import { cacheResult, reportedStatus } from '../contract/whole-run.js';
import type { TimelineEntry } from '../contract.js';
import { hidden } from '../hidden.js';
import type { HistoryEvent, Pending } from './history.js';
import { hasRunEnded, inTime, msOf, timeOf } from './history-event.js';
import { createJobs } from './jobs-of-run.js';
import { createSummaries } from './share-summaries.js';
import { stepOf } from './step-of.js';

type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];

/** An entry while the history is read. */
type Entry = { -readonly [K in keyof TimelineEntry]: TimelineEntry[K] };
/** A step that ran in the run before: what it came to, and which of its job's it is, where that is known. */
type Before = { readonly ran?: unknown; readonly number?: number | undefined };

const MAX_TEXT = 1_000;

/** Of a job that was held: what the timeline tells of it. */
const heldSchema = z.object({
  before: z.object({ steps: z.array(z.unknown()), summary: z.unknown().optional() }).optional(),
  runner: z.string().optional(),
  caches: z.array(z.unknown()).optional(),
});
/** Of a status that is to be reported, and of what became of that. */
const statusSchema = reportedStatus.omit({ notWritten: true });
const notWrittenSchema = z.object({ reported: z.literal(false), because: z.string() });

/**
 * Returns what the events of a history, or of its beginning and its end, say that a run did, in the order in which it began. Temporal
 * writes down that an activity has started only once it has ended; until then `pending` has it. What ended between the two parts is not
 * known to have, unless `pending` has it.
 */
export async function readTimeline(
  events: readonly HistoryEvent[],
  converter: LoadedDataConverter,
  pending: readonly Pending[] = [],
  end?: readonly HistoryEvent[],
): Promise<readonly TimelineEntry[]> {
  const timeline = createTimeline(converter);
  for (const event of inTime(events)) await timeline.read(event);
  if (end) timeline.skip();
  for (const event of inTime(end ?? [])) await timeline.read(event);
  for (const activity of pending) timeline.goesOn(activity);
  if (end?.[0]) timeline.endLost(timeOf(end[0]), pending);
  timeline.shareSummaries();
  return timeline.entries.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
}

/** Reads a history event by event. */
function createTimeline(converter: LoadedDataConverter) {
  const decoded = (payloads: Payloads) => decodeArrayFromPayloads(converter, payloads);
  /** By the event, and by the activity's id: its entry, or the one that has taken its place. */
  const scheduled = new Map<string, Entry>();
  const ids = new Map<string, string>();
  /** What hosts make ready, until they tell that it is. */
  const preparing: Entry[] = [];
  /** When hosts have told so of which it is not known yet that they have started. */
  const readyAt: string[] = [];
  const jobs = createJobs();
  /** Which of its name a step's job is. */
  const nthOf = new Map<Entry, number>();
  const entries: Entry[] = [];
  let waiting: Entry | undefined;
  /** Those that were open where events were left out. */
  const lost = new Set<Entry>();
  const summaries = createSummaries();

  const add = (entry: Entry): Entry => {
    entries.push(entry);
    return entry;
  };
  const end = (entry: Entry | undefined, at: string, more: Partial<Entry>) => {
    if (entry && entry.endedAt === undefined) Object.assign(entry, { endedAt: at, ...more });
  };

  /** Adds the steps of a job that ran in the run before, and count. */
  const addBefore = (
    steps: readonly Before[],
    { job, at, nth }: { readonly job: string; readonly at: string; readonly nth?: number | undefined },
  ) => {
    for (const { number, ran } of steps) {
      const step = stepOf(ran);
      if (!step || step.outcome === 'skipped') continue;
      const state = step.outcome === 'passed' ? 'passed' : 'failed';
      const which = {
        kind: 'step',
        name: `${job}: ${step.name}`,
        job,
        ...(number !== undefined && { number }),
      } as const;
      const entry = add({ ...which, startedAt: at, endedAt: at, state, step: { ...step, before: true } });
      summaries.add(entry, ran, nth);
    }
  };

  /** An activity that holds a job waits for a slot, and then prepares; the steps are activities of their own. */
  const hasStarted = (event: string, { at, attempt }: { readonly at: string; readonly attempt: number }) => {
    const entry = scheduled.get(event);
    if (!entry) return;
    if (attempt > 1) entry.attempt = attempt;
    if (entry.kind !== 'queue') {
      entry.startedAt = at;
      return;
    }
    end(entry, at, { state: 'passed' });
    const job = jobs.nameOf(event);
    const prepare = add({ kind: 'prepare', name: entry.name, ...(job && { job }), startedAt: at, state: 'running' });
    preparing.push(prepare);
    scheduled.set(event, prepare);
  };

  const isWaiting = (value: unknown, at: string) => {
    end(waiting, at, { state: 'passed' });
    const waitsFor = WAITING_FOR.find((one) => one === value);
    waiting = waitsFor && add({ kind: 'wait', name: waitsFor, startedAt: at, state: 'running' });
  };

  return {
    async read(event: HistoryEvent): Promise<void> {
      const at = timeOf(event);
      const { activityTaskScheduledEventAttributes: schedule, activityTaskStartedEventAttributes: start } = event;
      if (schedule) {
        const type = schedule.activityType?.name ?? 'activity';
        const [summary] = await decoded(event.userMetadata?.summary ? [event.userMetadata.summary] : []);
        const name = typeof summary === 'string' && summary !== '' ? summary : type;
        const entry = add({ kind: kindOf(type), name, startedAt: at, state: 'running' });
        scheduled.set(String(event.eventId), entry);
        const [input] = entry.kind === 'activity' ? [] : await decoded(schedule.input?.payloads);
        const { job, nth, number } = jobs.schedule(String(event.eventId), name, input);
        if (nth !== undefined) nthOf.set(entry, nth);
        const status = entry.kind === 'status' && statusSchema.safeParse(input).data;
        Object.assign(
          entry,
          job && { job },
          number !== undefined && { number },
          status && { status: maskData(status, hidden) },
        );
        ids.set(schedule.activityId ?? '', String(event.eventId));
      } else if (start) {
        hasStarted(String(start.scheduledEventId), { at, attempt: start.attempt ?? 1 });
      } else if (event.workflowExecutionSignaledEventAttributes?.signalName === JOB_READY_SIGNAL) {
        if (preparing.length > 0) end(preparing.shift(), at, { state: 'passed' });
        else readyAt.push(at);
        const [told] = await decoded(event.workflowExecutionSignaledEventAttributes.input?.payloads);
        const { job, nth, done } = jobs.ready(told);
        addBefore(done, { job, at, nth });
      } else if (event.upsertWorkflowSearchAttributesEventAttributes) {
        const fields = event.upsertWorkflowSearchAttributesEventAttributes.searchAttributes?.indexedFields ?? {};
        // Search attributes are read by Temporal itself, so no codec has changed them.
        const told = fields.HookyardWaiting?.data;
        if (told) isWaiting(JSON.parse(Buffer.from(told).toString('utf8')), at);
      } else await hasEnded(event, at);
    },
    /** What comes next is not read. */
    skip(): void {
      for (const entry of entries) if (entry.endedAt === undefined) lost.add(entry);
      preparing.length = 0;
      readyAt.length = 0;
      waiting = undefined;
    },
    /** Of what was open where events were left out, an open run has nothing left but what is pending, and what it waits for. */
    endLost(at: string, goingOn: readonly Pending[]): void {
      const still = new Set(goingOn.map(({ activityId }) => scheduled.get(ids.get(activityId ?? '') ?? '')));
      for (const entry of lost) if (!still.has(entry) && entry.kind !== 'wait') end(entry, at, { state: 'unknown' });
    },
    goesOn({ activityId, lastStartedTime, attempt, lastFailure }: Pending): void {
      const event = ids.get(activityId ?? '');
      const started = msOf(lastStartedTime);
      if (event === undefined || started === 0) return;
      const entry = scheduled.get(event);
      if (entry?.kind === 'status' && lastFailure?.message) entry.because = lastFailure.message.slice(0, MAX_TEXT);
      // Its host has told that it is ready long before it ends.
      const isPrepared = entry?.kind === 'queue' && readyAt.length > 0;
      hasStarted(event, { at: new Date(started).toISOString(), attempt: attempt ?? 1 });
      if (isPrepared) end(preparing.shift(), readyAt.shift() ?? '', { state: 'passed' });
    },
    /** No more is read. */
    shareSummaries: summaries.shareOut,
    entries: entries as readonly TimelineEntry[],
  };

  async function hasEnded(event: HistoryEvent, at: string): Promise<void> {
    const completed = event.activityTaskCompletedEventAttributes;
    const failed = event.activityTaskFailedEventAttributes;
    const over = event.activityTaskTimedOutEventAttributes;
    const cancelled = event.activityTaskCanceledEventAttributes;
    const id = String((completed ?? failed ?? over ?? cancelled)?.scheduledEventId);
    const entry = scheduled.get(id);
    // A job that has passed before, or has no time left, is never ready.
    if (entry && preparing.includes(entry)) preparing.splice(preparing.indexOf(entry), 1);
    if (entry && completed) {
      const tells = entry.kind === 'step' || entry.kind === 'prepare' || entry.kind === 'status';
      const [result] = tells ? await decoded(completed.result?.payloads) : [];
      const notWritten = entry.status && notWrittenSchema.safeParse(result).data?.because.slice(0, MAX_TEXT);
      if (entry.status && notWritten !== undefined) entry.status = { ...entry.status, notWritten };
      const step = stepOf(result);
      const { before, runner, caches = [] } = heldSchema.safeParse(result).data ?? {};
      const known = caches.flatMap((one) => cacheResult.safeParse(one).data ?? []);
      if (entry.kind === 'prepare' && runner !== undefined && !before) entry.runner = runner.slice(0, MAX_TEXT);
      if (entry.kind === 'prepare' && known.length > 0) entry.caches = known;
      if (before) {
        const steps = before.steps.map((ran) => ({ ran }));
        addBefore(steps, { job: jobs.nameOf(id) ?? '', at });
        // What they wrote is kept of the job as a whole.
        summaries.add(entry, before);
      }
      const state = step?.outcome === 'skipped' ? 'skipped' : 'passed';
      end(entry, at, { state, ...(step && { step }) });
      if (step) summaries.add(entry, result, nthOf.get(entry));
    } else if (entry && failed) {
      const { failure } = failed;
      const [detail] = await decoded(failure?.applicationFailureInfo?.details?.payloads);
      const step = stepOf(detail);
      const because =
        step?.because ?? (step ? undefined : (failure?.cause?.message || failure?.message)?.slice(0, MAX_TEXT));
      end(entry, at, {
        state: 'failed',
        ...(step && { step }),
        ...(because && { because }),
      });
      if (step) summaries.add(entry, detail, nthOf.get(entry));
    } else if (entry && over) {
      end(entry, at, { state: 'failed', because: 'its time was over' });
    } else if (entry && cancelled) {
      end(entry, at, { state: 'cancelled' });
    } else if (hasRunEnded(event)) {
      for (const open of entries) end(open, at, { state: lost.has(open) ? 'unknown' : 'cancelled' });
    }
  }
}

/** Activities by what they do for people; the names are those that histories hold. */
function kindOf(activity: string): TimelineEntry['kind'] {
  if (activity === 'holdJob') return 'queue';
  if (activity === 'reportStatus') return 'status';
  return activity === 'runStep' || activity === 'runJob' ? 'step' : 'activity';
}

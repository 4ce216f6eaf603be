import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { z } from 'zod';
import type { Activities, NotedResult, ResultSubject } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { unavailable } from '../failures.js';

/** The newest result of each automation on each branch: a collection that automations can't write to. Stored: the name stays. */
export const RESULTS = 'hookyard.results';

/** Results that are kept beside the newest, so that another attempt to keep one gets the same answer. */
const KEPT = 20;
/** Runs that end at the same moment. */
const TRIES = 50;

const noted = z.object({ call: z.string(), passed: z.boolean(), before: z.boolean().optional(), order: z.string() });
const kept = z.object({ newest: z.array(noted) });

/**
 * Returns the activity that keeps a result and tells that of the run before. Of runs that end at once each is compared with another
 * one; one that is older than what was told already is told so. Throws a failure that is retried if others are always faster.
 */
export function createNoteResult({ store }: Pick<ActivityDeps, 'store'>): Activities['noteResult'] {
  return async function noteResult({ passed, order, ...subject }) {
    const { source, repository } = subject;
    const where = { collection: RESULTS, key: keyOf(subject) };
    const call = callAtWork();
    for (let tries = 0; tries < TRIES; tries += 1) {
      const row = await store.records.get(where.collection, where.key);
      const newest = kept.safeParse(row?.data).data?.newest ?? [];
      const mine = newest.find((one) => one.call === call);
      if (mine) return answer(mine.before);
      const [last] = newest;
      if (last && last.order > order) return { outdated: true };
      const one = { call, passed, ...(last && { before: last.passed }), order };
      const data = { source, ...(repository !== undefined && { repository }), newest: [one, ...newest].slice(0, KEPT) };
      // Counts up, so that only one of two that have read the same row writes.
      const version = Number(row?.version ?? 0) + 1;
      if ((await store.records.upsert({ ...where, version, data })) === 'written') return answer(one.before);
    }
    throw unavailable(`the result of ${subject.automation} could not be kept: others were kept all the time`);
  };
}

function answer(before: boolean | undefined): NotedResult {
  return before === undefined ? {} : { before };
}

/** Returns what all attempts of one call have in common. */
function callAtWork(): string {
  const { workflowExecution, activityId } = Context.current().info;
  return `${workflowExecution?.workflowId}/${workflowExecution?.runId}/${activityId}`;
}

function keyOf({ source, repositoryId, automation, of, name }: ResultSubject): string {
  const parts = JSON.stringify([repositoryId, automation, of, name]);
  return `${source}#${createHash('sha256').update(parts).digest('hex')}`;
}

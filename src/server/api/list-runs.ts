import { createHash } from 'node:crypto';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import { isEditedRun } from '../../events/edited-key.js';
import { RUN_OUTCOMES, type RunOutcome } from '../../events/event.js';
import { NO_LANE, WAITING_FOR } from '../../runs/search-attributes.js';
import { runUrl } from '../../runs/url.js';
import { HttpError } from '../http/http-error.js';
import { askVisibility } from './ask-visibility.js';
import type { ListedRun, RunsAnswer } from './contract.js';
import { lacksAttributes } from './lacks-attributes.js';
import { type ListedFilter, type RunsFilter, type RunsScope, visibilityQuery } from './runs-query.js';
import { statusOf } from './status-of.js';
import { temporalAway } from './temporal-away.js';

/** What {@link listRuns} asks. */
export interface ListRunsDeps extends RunsScope {
  readonly client: Client;
  readonly uiUrl: string | undefined;
}

/** A page of runs as Temporal lists them. */
export interface RunsPage {
  readonly runs: readonly WorkflowExecutionInfo[];
  /** The `page` of the next one; absent on the last. */
  readonly next?: string;
}

const DEADLINE_MS = 10_000;
/** Where runs are left out, so many pages make up one at most. */
const MAX_PAGES = 5;
/** How the name of a page begins. */
const PAGE = 'after-';
/** In hexadecimal digits. */
const SUM = 8;

/**
 * Lists runs in Temporal's order: those that are open, newest first, then the others by their end. Throws {@link HttpError}:
 * 409 if the namespace lacks search attributes, 503 when Temporal does not answer, or is asked for too many lists.
 */
export async function listRuns(
  deps: ListRunsDeps,
  { edited = true, ...filter }: ListedFilter,
  { limit, page }: { readonly limit: number; readonly page?: string | undefined },
): Promise<RunsAnswer> {
  const found: ListedRun[] = [];
  let next = page;
  for (let pages = 0; pages < MAX_PAGES && found.length < limit && (pages === 0 || next !== undefined); pages++) {
    const part = await pageOfRuns(deps, filter, { limit: limit - found.length, page: next });
    found.push(...part.runs.map((run) => listed(deps, run)).filter((run) => edited || !isEditedRun(run)));
    next = part.next;
  }
  return { runs: found, ...(next !== undefined && { next }) };
}

/** Returns a page of runs. Throws as {@link listRuns} does. */
export async function pageOfRuns(
  deps: RunsScope & Pick<ListRunsDeps, 'client'>,
  filter: RunsFilter,
  { limit, page }: { readonly limit: number; readonly page?: string | undefined },
): Promise<RunsPage> {
  const { client } = deps;
  const { namespace, loadedDataConverter } = client.options;
  const query = visibilityQuery(deps, filter);
  const nextPageToken = tokenOf(page);
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
      const ask = () =>
        client.workflowService.listWorkflowExecutions({ namespace, query, pageSize: limit, nextPageToken });
      const answer = await askVisibility(ask);
      const runs = (answer.executions ?? []).map((raw) =>
        executionInfoFromRaw(raw, loadedDataConverter, raw, namespace),
      );
      const token = Buffer.from(answer.nextPageToken ?? []);
      return { runs: await Promise.all(runs), ...(token.length > 0 && { next: pageName(token) }) };
    });
  } catch (error) {
    throw lacksAttributes(error, namespace) ?? temporalAway(error);
  }
}

/** Returns how the page behind a token of Temporal's is called: with a sum of it, so that a name is known that was cut or made up. */
function pageName(token: Uint8Array): string {
  const sum = createHash('sha256').update(token).digest('hex').slice(0, SUM);
  return `${PAGE}${sum}${Buffer.from(token).toString('base64url')}`;
}

/** Temporal tries again and again what it can't read, and says no more of it than that it failed. */
function tokenOf(page: string | undefined): Uint8Array {
  if (page === undefined) return new Uint8Array();
  const token = Buffer.from(page.slice(PAGE.length + SUM), 'base64url');
  if (token.length > 0 && pageName(token) === page) return token;
  throw new HttpError(400, 'the parameter "page" must be the "next" of the page before');
}

/** Returns a run as it is listed. */
export function listed(
  { client, uiUrl }: Pick<ListRunsDeps, 'client' | 'uiUrl'>,
  run: Omit<WorkflowExecutionInfo, 'raw'>,
): ListedRun {
  const { workflowId, runId, startTime, closeTime, parentExecution, searchAttributes: found } = run;
  const status = statusOf(run);
  const text = (name: string) => (found[name]?.[0] === undefined ? undefined : String(found[name][0]));
  const outcome = RUN_OUTCOMES.find((one) => one === text('HookyardOutcome')) ?? UNTOLD[status];
  const waitsFor = WAITING_FOR.find((one) => status === 'running' && one === text('HookyardWaiting'));
  const pullRequest = found.HookyardPullRequest?.[0];
  const url = runUrl(uiUrl, { namespace: client.options.namespace, workflowId, runId });
  const known = {
    outcome,
    waitsFor,
    repository: text('HookyardRepository'),
    branch: text('HookyardBranch'),
    commit: text('HookyardCommit'),
    pullRequest: typeof pullRequest === 'number' ? pullRequest : undefined,
    source: text('HookyardSource'),
    delivery: text('HookyardDelivery'),
    lane: laneOf(text('HookyardLane')),
    startedBy: parentExecution?.workflowId,
    endedAt: closeTime?.toISOString(),
    url: url === '' ? undefined : url,
  };
  return {
    ...{ run: workflowId, runId, automation: run.type, status, startedAt: startTime.toISOString() },
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  };
}

function laneOf(told: string | undefined): string | undefined {
  return told === NO_LANE ? undefined : told;
}

/** The outcome of what ended without code of ours, or under an older version. */
const UNTOLD: { readonly [status in ListedRun['status']]?: RunOutcome } = {
  failed: 'error',
  'timed out': 'error',
  terminated: 'error',
  cancelled: 'cancelled',
};

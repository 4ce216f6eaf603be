import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { beginningOf } from '../../activities/runs/beginning.js';
import { createStatusBook, orderOf } from '../../activities/status/status-book.js';
import { truncate } from '../../events/truncate.js';
import type { Logger } from '../../log.js';
import { SET_ASIDE } from '../../runs/set-aside.js';
import { contextOf } from '../../runs/status-context.js';
import { type Pages, storyUrl } from '../../runs/url.js';
import { terminateCommand } from '../../server/api/terminate-command.js';
import type { Store } from '../../store/store.js';
import type { Automation } from '../../triggers/automation.js';
import { checkedEventOf } from '../../triggers/preconditions.js';

/** What {@link createSetAside} works with. */
export interface SetAsideDeps {
  readonly client: Client;
  readonly store: Pick<Store, 'records'>;
  readonly automations: () => readonly Automation[];
  readonly pages: Pages;
  readonly log: Logger;
}

/** A run that others have to be kept from. */
export interface Culprit {
  readonly workflowId: string;
  readonly runId: string;
  /** The workflow type. */
  readonly automation: string;
  /** What it does, in words. */
  readonly because: string;
}

/**
 * Ends a run, and notes that its automation's checks are to be reported as errors. Resolves to whether it has ended; never
 * rejects.
 */
export type SetAside = (culprit: Culprit) => Promise<boolean>;

const DEADLINE_MS = 5_000;
/** In characters: what all providers take. */
const MAX_DESCRIPTION = 140;

/** Returns what ends runs that do harm, so that all others go on. What it notes is reported by a worker, which may call providers. */
export function createSetAside(deps: SetAsideDeps): SetAside {
  const { client, log } = deps;
  return async (culprit) => {
    const { workflowId, runId, automation, because } = culprit;
    const about = { run: workflowId, automation, because };
    try {
      await client.withDeadline(Date.now() + DEADLINE_MS, () =>
        client.workflow.getHandle(workflowId, runId).terminate(`${SET_ASIDE}: ${because}`),
      );
      log.error(about, WAS_SET_ASIDE);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return true;
      log.error({ ...about, failed: (error as Error).message }, `${NOT_SET_ASIDE}${terminateCommand(client)}`);
      return false;
    }
    await noteChecks(deps, culprit).catch((error: Error) =>
      log.warn({ ...about, failed: error.message }, 'the checks of a run that was set aside stay as they are'),
    );
    return true;
  };
}

const WAS_SET_ASIDE =
  'a run was set aside (terminated), so that all others go on: correct the automation, then npx hookyard rerun <run>';
const NOT_SET_ASIDE = 'a run that harms the others could not be set aside: end it with ';

/** Of a run that was at work from its first step on nothing may have been reported, and a merge waits for it. */
async function noteChecks(
  { client, store, automations, pages }: SetAsideDeps,
  { workflowId, runId, automation, because }: Culprit,
): Promise<void> {
  const checks = automations().find(({ name }) => name === automation)?.checks ?? [];
  if (checks.length === 0) return;
  const { event, startedAt } = await beginningOf(client, { workflowId, runId });
  const about = event && checkedEventOf(event);
  if (!about) return;
  const book = createStatusBook(store.records);
  const targetUrl = storyUrl(pages, { namespace: client.options.namespace, workflowId, runId });
  for (const check of checks)
    await book.note({
      source: about.source,
      repository: about.repository.fullName,
      sha: about.commit.sha,
      context: contextOf(automation, check),
      state: 'error',
      description: truncate(`${SET_ASIDE}: ${because}`, MAX_DESCRIPTION),
      ...(targetUrl && { targetUrl }),
      run: workflowId,
      // What a run has reported itself says more.
      order: orderOf({ startedAt, runId, askedAt: Date.now(), place: '0', unadmitted: true }),
    });
}

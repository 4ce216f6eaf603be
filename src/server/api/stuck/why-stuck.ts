import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { reportedProblem } from '../../../runs/reported-problem.js';
import { terminateCommand } from '../terminate-command.js';

/** Why a run does not go on by itself. */
export interface WhyStuck {
  /**
   * `code`: Temporal tries its code again and again, and goes on once that is corrected. `blocks`: its code holds the thread that
   * all runs of a worker share. `activity`: an activity fails again and again.
   */
  readonly kind: 'code' | 'blocks' | 'activity';
  readonly because: string;
  /** What a person can do. */
  readonly helps: string;
}

/** By then an activity has been tried for hours. */
const MANY_ATTEMPTS = 100;
/** The last events of a history hold the first failure of the workflow task that fails since then: later ones are not written. */
const LAST_EVENTS = 10;
/** `EVENT_TYPE_WORKFLOW_TASK_COMPLETED` and `…_TIMED_OUT` of Temporal's API: what was said before either is over. */
const OVER = [7, 8];
/** What Node says of code that is stopped after the time that the SDK gives a workflow: its code does not get to Temporal. */
const HELD = /^Script execution timed out/;
/** What the SDK says: of a workflow type that no module exports, of code that has changed, of a promise. It has no codes for them. */
const GONE = /no such function is exported by the workflow bundle/;
const CHANGED = /\[TMPRL1100\]/;
const UNHANDLED = /^Unhandled Promise rejection: /;
/** Temporal's cause, where nobody has said anything. */
const LOST = /WorkflowTaskTimedOut/;

/** Returns why an open run does not go on by itself; undefined if it does, as far as Temporal knows. */
export async function whyStuck(client: Client, run: WorkflowExecutionDescription): Promise<WhyStuck | undefined> {
  const problem = reportedProblem(run);
  const endIt = `end it with ${terminateCommand(client)}, and begin it anew with hookyard rerun <run>`;
  if (problem !== undefined) return whyFailing(run, { message: (await lastFailure(client, run)) ?? problem, endIt });
  const activity = run.raw.pendingActivities?.find(({ attempt }) => (attempt ?? 0) >= MANY_ATTEMPTS);
  if (!activity) return undefined;
  const said = activity.lastFailure?.message ?? 'no failure is known';
  return {
    kind: 'activity',
    because: `the activity ${activity.activityType?.name} has been tried ${activity.attempt} times: ${said}`,
    helps: `correct what it fails of: it is tried again by itself; or ${endIt}`,
  };
}

function whyFailing(
  run: WorkflowExecutionDescription,
  { message, endIt }: { readonly message: string; readonly endIt: string },
): WhyStuck {
  if (HELD.test(message))
    return {
      kind: 'blocks',
      because: `its code holds the thread of all runs for seconds, as an endless loop does (${message})`,
      helps: `correct ${run.type}, or ${endIt}`,
    };
  if (LOST.test(message))
    return {
      kind: 'code',
      because: 'workers end or hang before they have answered for it',
      helps:
        'look for what ends them: their log names it, and hookyard runs --stuck what was set aside; it goes on then',
    };
  if (GONE.test(message))
    return {
      kind: 'code',
      because: `no module exports ${run.type} any more`,
      helps: `bring ${run.type} back, and the run goes on by itself; or ${endIt}`,
    };
  if (CHANGED.test(message))
    return {
      kind: 'code',
      because: `its code has changed and no longer fits what the run has done: ${message}`,
      helps: `bring the code back that it began with, and the run goes on by itself; or ${endIt}`,
    };
  if (UNHANDLED.test(message))
    return {
      kind: 'code',
      because: `a promise was rejected that nothing awaits: ${message.replace(UNHANDLED, '')}`,
      helps: `await or catch it in ${run.type}, and the run goes on by itself; or ${endIt}`,
    };
  return {
    kind: 'code',
    because: `its code fails again and again: ${message}`,
    helps: `correct ${run.type}, and the run goes on by itself; or ${endIt}`,
  };
}

/** Returns what a worker said of the workflow task that fails now; undefined if the first that failed said nothing. */
async function lastFailure(
  client: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
): Promise<string | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: LAST_EVENTS,
  });
  const last = history?.events?.find(
    ({ eventType, workflowTaskFailedEventAttributes }) =>
      workflowTaskFailedEventAttributes || OVER.includes(eventType ?? 0),
  );
  return last?.workflowTaskFailedEventAttributes?.failure?.message || undefined;
}

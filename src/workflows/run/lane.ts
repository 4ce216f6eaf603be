import {
  condition,
  defineSignal,
  isCancellation,
  patched,
  proxySinks,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { LaneAnswer } from '../../activities/contract/index.js';
import type { HookyardEvent } from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import { laneClaim } from '../../lanes/claim.js';
import type { Concurrency } from '../../lanes/concurrency.js';
import { waitingWords } from '../../lanes/waiting-words.js';
import { LET_ON_SIGNAL, OUTDATED_SIGNAL, type Outdated } from '../../runs/names.js';
import type { RunOptions } from '../../runs/options.js';
import { NO_LANE } from '../../runs/search-attributes.js';
import type { RunSinks } from '../../runs/sinks.js';
import { store } from './activities.js';
import { noteCancelReason } from './cancel-reason.js';
import { progress } from './progress.js';
import { reportChecks } from './report-checks.js';
import { tellLane, tellWaiting } from './told-attributes.js';

const ENTERS = 'enter-lane';
const ASKS_AGAIN = '10 minutes';

/** Module state: the workflow sandbox gives each run its own. */
let outdated: Outdated | undefined;
let isLetOn = false;
let isInLane = false;
/** What people call the lane. */
let title = 'its lane';

/** Listens to what a run is told about its lane. */
export function hearLane(how: RunOptions | undefined): void {
  isInLane = how?.lane !== undefined;
  title = how?.lane ?? title;
  setHandler(defineSignal<[Outdated]>(OUTDATED_SIGNAL), (given) => {
    outdated ??= given;
    noteCancelReason(`superseded by ${given.by}`);
  });
  setHandler(defineSignal(LET_ON_SIGNAL), () => {
    isLetOn = true;
  });
}

/** Returns the workflow id of the run that takes this one's place; undefined as long as none does. */
export function supersededBy(): string | undefined {
  return outdated?.by;
}

/**
 * Resolves once the run has a slot in its lane, or if it belongs to none; to why it never gets one, in words. Runs that a
 * delivery has started have entered with it, in the order of arrival, and most of them have their slot then.
 */
export async function waitForSlot(
  event: HookyardEvent,
  {
    concurrency,
    checks,
    how,
  }: {
    concurrency: readonly Concurrency[] | undefined;
    checks: readonly string[];
    how: RunOptions | undefined;
  },
): Promise<string | undefined> {
  if (how?.lane !== undefined && how.asks === undefined) return undefined;
  const answer = how?.lane === undefined ? await entered(event, concurrency) : await returned();
  if (answer === undefined || answer.state === 'runs') return undefined;
  if (answer.state === 'refused') return answer.because;
  const step = progress.step('Lane');
  if (answer.state === 'waits') {
    const words = `waits in the lane${answer.after === undefined ? '' : ` behind ${answer.after}`}`;
    step.end('running', plain(words));
    reportChecks(event, checks, { state: 'pending', description: waitingWords(answer, title) });
    tellWaiting('lane');
  }
  try {
    // One that is superseded is cancelled. What was not heard is asked for.
    while (!(await condition(() => isLetOn, ASKS_AGAIN))) isLetOn = (await store.takeSlot({})).state === 'runs';
  } catch (error) {
    if (isCancellation(error)) step.end('cancelled');
    throw error;
  }
  step.end('passed');
  tellWaiting(undefined);
  return undefined;
}

/** The history decides, and not what the code says now: an author may take a lane away while runs are open. */
async function entered(
  event: HookyardEvent,
  concurrency: readonly Concurrency[] | undefined,
): Promise<LaneAnswer | undefined> {
  const claim = concurrency && laneClaim(concurrency, { automation: workflowInfo().workflowType, event });
  if ((claim === undefined && !workflowInfo().unsafe.isReplaying) || !patched(ENTERS)) return undefined;
  isInLane = true;
  title = claim?.title ?? title;
  tellLane(claim?.title ?? NO_LANE);
  const { firstExecutionRunId: runId, parent } = workflowInfo();
  return store.enterLane({
    claim,
    runId,
    ...(parent && { parent: { workflowId: parent.workflowId, runId: parent.runId } }),
  });
}

/** Runs that an older worker began know nothing of lanes. */
async function returned(): Promise<LaneAnswer | undefined> {
  return patched(ENTERS) ? store.takeSlot({}) : undefined;
}

/** Lets the worker know that the run ends, so that whoever waits for its slot goes on at once. */
export function leaveLane(): void {
  if (isInLane) proxySinks<RunSinks>().hookyardRuns.ends();
}

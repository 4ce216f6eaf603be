import {
  ApplicationFailure,
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
import { isDeadlock } from '../../lanes/deadlock.js';
import { queueWords } from '../../lanes/queue-words.js';
import { LET_ON_SIGNAL, OUTDATED_SIGNAL, type Outdated } from '../../runs/names.js';
import type { RunOptions } from '../../runs/options.js';
import { NO_LANE } from '../../runs/search-attributes.js';
import type { RunSinks } from '../../runs/sinks.js';
import { store } from './activities.js';
import { noteSuperseded } from './cancel-reason.js';
import { progress } from './progress.js';
import { reportChecks } from './report-checks.js';
import { offTheClock } from './time-limit.js';
import { tellLane, tellWaiting } from './told-attributes.js';

const ENTERS = 'enter-lane';
const ASKS_AGAIN = '10 minutes';
/** Children may wait for each other's parents: they ask once sooner, but for those that an older version started. */
const ASKS_SOON = 'children-ask-soon';
const SOON = '1 minute';
/** Runs that an older version started count the time in which they wait for a slot that they gave up. */
const OFF_THE_CLOCK = 'waits-for-slot-off-the-clock';
/** The type of the failure of a run that would wait for ever. */
const DEADLOCK = 'Deadlock';

/** Module state: the workflow sandbox gives each run its own. */
let isLetOn = false;
let isInLane = false;
/** What people call the lane. */
let title = 'its lane';
/** Parts of the run that keep its slot and are under way. */
let kept = 0;
/** Whether the slot was given up while people are waited for, and whether it is being given up or taken again. */
let isAside = false;
let isMoving = false;

/** Listens to what a run is told about its lane. */
export function hearLane(how: RunOptions | undefined): void {
  isInLane = how?.lane !== undefined;
  title = how?.lane ?? title;
  setHandler(defineSignal<[Outdated]>(OUTDATED_SIGNAL), (given) => {
    noteSuperseded(given.by);
  });
  setHandler(defineSignal(LET_ON_SIGNAL), () => {
    isLetOn = true;
  });
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
  if (answer === undefined) return undefined;
  const because = await awaitTurn(answer, (description) =>
    reportChecks(event, checks, { state: 'pending', description }),
  );
  // Whoever waits for this run would take it for one that had nothing to do.
  if (because !== undefined && isDeadlock(because)) throw ApplicationFailure.nonRetryable(because, DEADLOCK);
  return because;
}

/** Resolves once the run has its slot; to why it never gets one, in words. `tell` is called if it has to wait for one. */
async function awaitTurn(answer: LaneAnswer, tell: (words: string) => void): Promise<string | undefined> {
  if (answer.state === 'runs') return undefined;
  if (answer.state === 'refused') return answer.because;
  const step = progress.step('Lane');
  if (answer.state === 'waits') {
    const words = `waits in the lane${answer.after === undefined ? '' : ` behind ${answer.after}`}`;
    step.end('running', plain(words));
    tell(queueWords(answer, title));
    tellWaiting('lane');
  }
  try {
    // One that is superseded is cancelled. What was not heard is asked for.
    const isSoon = answer.state === 'waits' && workflowInfo().parent !== undefined && patched(ASKS_SOON);
    let pause: typeof SOON | typeof ASKS_AGAIN = isSoon ? SOON : ASKS_AGAIN;
    while (!(await condition(() => isLetOn, pause))) {
      pause = ASKS_AGAIN;
      const now = await store.takeSlot({});
      if (now.state === 'refused' && isDeadlock(now.because)) {
        step.end('error', plain(now.because));
        return now.because;
      }
      isLetOn = now.state === 'runs';
    }
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

/**
 * Gives up the run's slot while it waits for a person, and keeps its place. Does nothing for a run that is in no lane, while a part
 * of it that keeps the slot is under way, and where another wait has given it up.
 */
export async function giveUpSlot(): Promise<void> {
  if (!isInLane || kept > 0 || isAside) return;
  isAside = true;
  isMoving = true;
  try {
    await store.stepAside({});
  } finally {
    isMoving = false;
  }
}

/**
 * Takes the slot again that {@link giveUpSlot} gave up, and resolves once it is the run's turn: whatever else the run waits for, it
 * goes on. That is none of the time that a run has. Throws an `ApplicationFailure` where the lane has no slot for it any more.
 */
export async function takeSlotAgain(): Promise<void> {
  while (isAside) {
    if (isMoving) {
      await condition(() => !isMoving);
      continue;
    }
    isMoving = true;
    isLetOn = false;
    try {
      const turn = async () => awaitTurn(await store.takeSlot({}), () => undefined);
      const because = await (patched(OFF_THE_CLOCK) ? offTheClock(turn) : turn());
      if (because !== undefined) throw ApplicationFailure.nonRetryable(`the run's lane has no slot for it: ${because}`);
      isAside = false;
    } finally {
      isMoving = false;
    }
  }
}

/** Returns the lane that the run is in, as people call it; undefined if it is in none. */
export function laneOfRun(): string | undefined {
  return isInLane ? title : undefined;
}

/** Does a part that needs the run's slot, and keeps it, whatever it waits for. Takes it again first, if it was given up. */
export function keepSlot<T>(part: () => Promise<T>): Promise<T> {
  kept += 1;
  const done = () => {
    kept -= 1;
  };
  const result = isAside ? takeSlotAgain().then(part) : part();
  void result.then(done, done);
  return result;
}

/** Begins something beside the run, as {@link keepSlot} does, and keeps the slot until it has ended. */
export function keepSlotUntilEnd<T>(begin: () => Promise<T>, ended: (begun: T) => Promise<unknown>): Promise<T> {
  kept += 1;
  const done = () => {
    kept -= 1;
  };
  const begun = isAside ? takeSlotAgain().then(begin) : begin();
  void begun.then(ended).then(done, done);
  return begun;
}

/** Lets the worker know that the run ends, so that whoever waits for its slot goes on at once. */
export function leaveLane(): void {
  if (isInLane) proxySinks<RunSinks>().hookyardRuns.ends();
}

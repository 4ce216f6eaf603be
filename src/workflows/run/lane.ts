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
import { placeWords, type Queued, queueWords } from '../../lanes/queue-words.js';
import { LET_ON_SIGNAL, OUTDATED_SIGNAL, type Outdated } from '../../runs/names.js';
import type { RunOptions } from '../../runs/options.js';
import { NO_LANE } from '../../runs/search-attributes.js';
import type { RunSinks } from '../../runs/sinks.js';
import { preconditionsOf } from '../../triggers/preconditions.js';
import type { Trigger } from '../../triggers/trigger.js';
import { store } from './activities.js';
import { noteSuperseded } from './cancel-reason.js';
import { progress } from './progress.js';
import { offTheClock } from './time-limit.js';
import { noteWaited, tellLane, tellWaited, tellWaiting } from './told-attributes.js';
import { tellQueued, tellRefused } from './told-queued.js';

const ENTERS = 'enter-lane';
const ASKS_AGAIN = '10 minutes';
/** Children may wait for each other's parents: they ask once sooner, but for those that an older version started. */
const ASKS_SOON = 'children-ask-soon';
const SOON = '1 minute';
/** Runs that an older version started count the time in which they wait for a slot that they gave up. */
const OFF_THE_CLOCK = 'waits-for-slot-off-the-clock';
/** Runs that an older version started say once how they wait, and nothing of how they wait for a slot that they gave up. */
const TELLS_PLACE = 'tells-place-in-lane';
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
/** Who says how the run waits for the slot that it gave up, and what there is to say. */
const tellers = new Set<(words: string) => void>();
let standing: string | undefined;

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
    on,
    concurrency,
    checks,
    how,
  }: {
    on: readonly Trigger[];
    concurrency: readonly Concurrency[] | undefined;
    checks: readonly string[];
    how: RunOptions | undefined;
  },
): Promise<string | undefined> {
  if (how?.lane !== undefined && how.asks === undefined) return undefined;
  const answer = how?.lane === undefined ? await entered(event, { on, concurrency, how }) : await returned();
  if (answer === undefined) return undefined;
  const because = await awaitTurn(answer, (words) => tellQueued(event, checks, words));
  // Whoever waits for this run would take it for one that had nothing to do.
  if (because !== undefined && isDeadlock(because)) throw ApplicationFailure.nonRetryable(because, DEADLOCK);
  if (because !== undefined) tellRefused(event, checks, because);
  return because;
}

/**
 * Resolves once the run has its slot; to why it never gets one, in words. `tell` is called with how it waits if it has to wait for one,
 * and again where that is found to have changed.
 */
async function awaitTurn(answer: LaneAnswer, tell: (words: string) => void): Promise<string | undefined> {
  if (answer.state === 'runs') return undefined;
  if (answer.state === 'refused') return answer.because;
  const step = progress.step('Lane');
  let told: string | undefined;
  const say = (waits: Queued) => {
    const words = queueWords(waits, title);
    if (words === told) return;
    told = words;
    step.end('running', plain(placeWords(waits)));
    tell(words);
  };
  const saysAgain = answer.state === 'waits' && patched(TELLS_PLACE);
  if (answer.state === 'waits') {
    say(answer);
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
        noteWaited('lane');
        return now.because;
      }
      if (saysAgain && now.state === 'waits') say(now);
      isLetOn = now.state === 'runs';
    }
  } catch (error) {
    if (isCancellation(error)) step.end('cancelled');
    noteWaited('lane');
    throw error;
  }
  step.end('passed');
  tellWaited('lane');
  return undefined;
}

/** The history decides, and not what the code says now: an author may take a lane away while runs are open. */
async function entered(
  event: HookyardEvent,
  {
    on,
    concurrency,
    how,
  }: { on: readonly Trigger[]; concurrency: readonly Concurrency[] | undefined; how: RunOptions | undefined },
): Promise<LaneAnswer | undefined> {
  const asks = concurrency && (how?.asks ?? preconditionsOf({ on }, event));
  const claim = concurrency && laneClaim(concurrency, { automation: workflowInfo().workflowType, event, asks });
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
 * goes on. That is none of the time that a run has. `tell` is called with how it waits, if it has to, whoever has asked for the slot
 * first. Throws an `ApplicationFailure` where the lane has no slot for it any more.
 */
export async function takeSlotAgain(tell: (words: string) => void = () => undefined): Promise<void> {
  tellers.add(tell);
  if (standing !== undefined) tell(standing);
  try {
    while (isAside) {
      if (isMoving) {
        await condition(() => !isMoving);
        continue;
      }
      isMoving = true;
      isLetOn = false;
      try {
        const turn = async () => awaitTurn(await store.takeSlot({}), tellAll);
        const because = await (patched(OFF_THE_CLOCK) ? offTheClock(turn) : turn());
        if (because !== undefined)
          throw ApplicationFailure.nonRetryable(`the run's lane has no slot for it: ${because}`);
        isAside = false;
      } finally {
        isMoving = false;
        standing = undefined;
      }
    }
  } finally {
    tellers.delete(tell);
  }
}

function tellAll(words: string): void {
  standing = words;
  for (const tell of tellers) tell(words);
}

/** Returns whether the run says how it waits for the slot that it gave up, where it has to. */
export function tellsPlace(): boolean {
  return isAside && patched(TELLS_PLACE);
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

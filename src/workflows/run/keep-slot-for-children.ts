import {
  patched,
  type WorkflowInterceptorsFactory,
  type WorkflowOutboundCallsInterceptor,
  workflowInfo,
} from '@temporalio/workflow';
import type { HookyardEvent } from '../../events/event.js';
import { laneClaim } from '../../lanes/claim.js';
import type { RunOptions } from '../../runs/options.js';
import { preconditionsOf, suiteOf } from '../../triggers/preconditions.js';
import { keepSlotUntilEnd, laneOfRun } from './lane.js';
import { allAutomations } from './registry.js';

type StartChild = NonNullable<WorkflowOutboundCallsInterceptor['startChildWorkflowExecution']>;

/**
 * With the number of the child behind it. Runs that older versions started give up their slots while such children work, or noted it once
 * for all of them, without a number.
 */
const KEEPS = 'children-keep-slot';

/**
 * Has a run keep its slot while a child of it works that has no part in that: one of another lane, or of none. To Temporal this is an
 * interceptor, since authors start children by its own functions. Decides at once: what waits would change the order of commands.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let children = 0;
  return {
    outbound: [
      {
        startChildWorkflowExecution(input, next) {
          children += 1;
          if (!keepsSlot(input, children)) return next(input);
          return keepSlotUntilEnd(
            () => next(input),
            ([, result]) => result,
          );
        },
      },
    ],
  };
};

/** The history decides, and not what the code says now: an author may put two lanes together, or part one, while runs are open. */
function keepsSlot({ workflowType, options }: Parameters<StartChild>[0], child: number): boolean {
  const own = laneOfRun();
  const isLeft = String(options.parentClosePolicy).endsWith('ABANDON');
  if (own === undefined || isLeft) return false;
  const isElsewhere = laneOf(workflowType, options.args) !== own;
  const keeps = `${KEEPS}/${child}`;
  if (!workflowInfo().unsafe.isReplaying) return isElsewhere && patched(keeps);
  return patched(keeps) || (isElsewhere && patched(KEEPS));
}

/** Returns the lane of an automation's run, as people call it; undefined for what is in none. */
function laneOf(automation: string, [given, how]: readonly unknown[]): string | undefined {
  const { concurrency, on = [] } = allAutomations().find(({ name }) => name === automation) ?? {};
  if (concurrency === undefined || typeof given !== 'object' || given === null || !('kind' in given)) return undefined;
  const event = given as HookyardEvent;
  // An author may give anything: the triggers are asked of such an event alone.
  const asks = (how as RunOptions | undefined)?.asks ?? (suiteOf(event) && preconditionsOf({ on }, event));
  return laneClaim(concurrency, { automation, event, asks })?.title;
}

import { patched, type WorkflowInterceptorsFactory, type WorkflowOutboundCallsInterceptor } from '@temporalio/workflow';
import type { HookyardEvent } from '../../events/event.js';
import { laneClaim } from '../../lanes/claim.js';
import { keepSlotUntilEnd, laneOfRun } from './lane.js';
import { allAutomations } from './registry.js';

/** Runs that an older version started give up their slots while such children work. */
const KEEPS = 'children-keep-slot';

type StartChild = NonNullable<WorkflowOutboundCallsInterceptor['startChildWorkflowExecution']>;

/**
 * Has a run keep its slot while a child of it works that has no part in that: one of another lane, or of none. To Temporal this is an
 * interceptor, since authors start children by its own functions. Decides at once: what waits would change the order of commands.
 */
export const interceptors: WorkflowInterceptorsFactory = () => ({ outbound: [{ startChildWorkflowExecution }] });

const startChildWorkflowExecution: StartChild = (input, next) => {
  const own = laneOfRun();
  const { workflowType, options } = input;
  const isLeft = String(options.parentClosePolicy).endsWith('ABANDON');
  if (own === undefined || isLeft || laneOf(workflowType, options.args) === own || !patched(KEEPS)) return next(input);
  return keepSlotUntilEnd(
    () => next(input),
    ([, result]) => result,
  );
};

/** Returns the lane of an automation's run, as people call it; undefined for what is in none. */
function laneOf(automation: string, [event]: readonly unknown[]): string | undefined {
  const { concurrency } = allAutomations().find(({ name }) => name === automation) ?? {};
  if (concurrency === undefined || typeof event !== 'object' || event === null || !('kind' in event)) return undefined;
  return laneClaim(concurrency, { automation, event: event as HookyardEvent })?.title;
}

import { CancellationScope, log, workflowInfo } from '@temporalio/workflow';
import type { ChainedEvent, RunOutcome } from '../../events/event.js';
import { match } from '../../triggers/match.js';
import { preconditionsOf } from '../../triggers/preconditions.js';
import { reasonOf } from './failure.js';
import type { Part } from './go-on.js';
import { progress } from './progress.js';
import { allAutomations } from './registry.js';
import { idBeside, startOther } from './start-other.js';

/** In runs. Two automations that start each other would go on for ever. */
const MAX_CHAIN = 5;

/**
 * Starts the automations that listen to the end of this run; returns undefined if none does. A start that fails is
 * reported as a step, and changes nothing else.
 */
export function startChained({ event, how }: Part, outcome: RunOutcome): Promise<void> | undefined {
  const { workflowId: run, workflowType: automation } = workflowInfo();
  const depth = event.kind === 'chained' ? event.depth + 1 : 1;
  const root = event.kind === 'chained' ? event.event : event;
  const chained: ChainedEvent = {
    kind: 'chained',
    source: event.source,
    provider: event.provider,
    deliveryId: event.deliveryId,
    receivedAt: event.receivedAt,
    automation,
    outcome,
    run,
    depth,
    event: root,
  };
  const next = allAutomations().filter((other) => match(other, chained).runs);
  if (next.length === 0) return undefined;
  if (depth > MAX_CHAIN) {
    const names = next.map(({ name }) => name).join(', ');
    progress.step(`Start ${names}`).fail(`a chain ends after ${MAX_CHAIN} runs`);
    log.warn('a chain of automations was ended', { automation, after: MAX_CHAIN, notStarted: names });
    return undefined;
  }
  return CancellationScope.nonCancellable(async () => {
    for (const { name, on } of next) {
      const step = progress.step(`Start ${name}`);
      const id = idBeside(`${name}/after-${automation}`);
      try {
        await startOther(name, chained, {
          id,
          preconditions: preconditionsOf({ on }, chained),
          again: how?.again,
        });
        progress.started(id);
        step.end('passed');
      } catch (error) {
        step.fail(reasonOf(error));
      }
    }
  });
}

import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { HookyardEvent } from '../../events/event.js';
import type { RunOptions } from '../../runs/options.js';

/** How a run has begun. */
export interface Beginning {
  /** What it was given; undefined where it was given nothing. */
  readonly event: HookyardEvent | undefined;
  /** What it was started with besides; undefined where that is nothing. */
  readonly how: RunOptions | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
}

const DEADLINE_MS = 5_000;

/** Asks Temporal for the first event of a run's history. Throws what Temporal's client does. */
export async function beginningOf(
  client: Client,
  execution: { readonly workflowId: string; readonly runId: string },
): Promise<Beginning> {
  const { history } = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution,
      maximumPageSize: 1,
    }),
  );
  const [first] = history?.events ?? [];
  const [event, how] = first?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return {
    event: event && defaultPayloadConverter.fromPayload<HookyardEvent>(event),
    how: how && defaultPayloadConverter.fromPayload<RunOptions>(how),
    startedAt: new Date(Number(first?.eventTime?.seconds ?? 0) * 1_000).toISOString(),
  };
}

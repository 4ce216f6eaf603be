import type { Client } from '@temporalio/client';
import { mapAtOnce } from '../../../src/async/at-once.js';
import type { Span } from '../spans.js';

const AT_ONCE = 8;

/** Returns from when until when runs were open, by the first and the last event of their histories. They have ended. */
export function spansOf(client: Client, runs: readonly string[]): Promise<readonly Span[]> {
  return mapAtOnce(runs, AT_ONCE, async (run) => {
    const { events } = await client.workflow.getHandle(run).fetchHistory();
    return { run, from: timeOf(events?.[0]), to: timeOf(events?.at(-1)) };
  });
}

interface Timed {
  readonly eventTime?: { readonly seconds?: unknown; readonly nanos?: number | null } | null;
}

function timeOf(event: Timed | undefined): number {
  return Number(event?.eventTime?.seconds) * 1e3 + (event?.eventTime?.nanos ?? 0) / 1e6;
}

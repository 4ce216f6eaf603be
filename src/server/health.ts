import type { Client } from '@temporalio/client';
import type { Inbox } from '../store/store.js';
import type { JsonAnswer } from './http/send-json.js';

const DEADLINE_MS = 1_000;

/**
 * Ready means that deliveries can be stored. Temporal is reported and does not count: a delivery does not wait for it,
 * and a receiver that is taken out of service while Temporal restarts would lose deliveries.
 */
export async function readiness(deps: { inbox: Pick<Inbox, 'backlog'>; client: Client }): Promise<JsonAnswer> {
  const [backlog, temporal] = await Promise.all([storeAnswers(deps.inbox), temporalAnswers(deps.client)]);
  return {
    status: backlog ? 200 : 503,
    body: {
      ready: backlog !== undefined,
      store: backlog ? 'answers' : 'away',
      temporal: temporal ? 'answers' : 'away',
      ...(backlog && { waiting: backlog.pending, failed: backlog.failed }),
    },
  };
}

/** Waits for the client's own deadline: a call that is left behind throws when the connection is closed meanwhile. */
function temporalAnswers(client: Client): Promise<boolean> {
  const call = () => client.workflowService.getSystemInfo({});
  return client.withDeadline(Date.now() + DEADLINE_MS, call).then(
    () => true,
    () => false,
  );
}

/** The backlog, or undefined if the store has none to tell in time. */
async function storeAnswers(inbox: Pick<Inbox, 'backlog'>) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), DEADLINE_MS);
  });
  const answer = await Promise.race([inbox.backlog().catch(() => undefined), late]);
  clearTimeout(timer);
  return answer;
}

import type { Client } from '@temporalio/client';
import { valueWithin } from '../async/deadline.js';
import { sharedAnswer } from '../async/shared-answer.js';
import type { Inbox } from '../store/store.js';
import type { ReadinessAnswer } from './api/contract.js';
import type { JsonAnswer } from './http/send-json.js';
import { recentBacklog } from './recent-backlog.js';
import type { WriteHealth } from './write-health.js';

const DEADLINE_MS = 1_000;
const FRESH_MS = 1_000;

/** What {@link createReadiness} asks. */
export interface ReadinessDeps {
  readonly inbox: Pick<Inbox, 'backlog' | 'nextDue'>;
  /** Absent where nothing is written. */
  readonly writes?: WriteHealth | undefined;
  readonly client: Client;
  /** Tells whether the worker runs, where this process has started one. */
  readonly worker?: (() => WorkerState) | undefined;
}

/** Whether a worker process runs, is being started, or has ended and is started again soon. `since`: Unix ms. */
export interface WorkerState {
  readonly kind: 'runs' | 'starting' | 'away';
  readonly since: number;
  /** Whether it does one thing after the other, since one before it died. */
  readonly isCareful?: boolean;
}

/** What `/readyz` is answered with. */
export interface Readiness extends JsonAnswer {
  readonly body: ReadinessAnswer;
}

/** Returns the function that answers `/readyz`. Anybody may ask, so all who ask within a second share an answer. */
export function createReadiness(deps: ReadinessDeps): () => Promise<Readiness> {
  return sharedAnswer(() => readiness(deps), FRESH_MS);
}

/**
 * Ready means that deliveries can be stored. Temporal and the worker are reported but do not decide: a delivery does not
 * wait for them, and a receiver that is taken out of service while one of them restarts would lose deliveries. Nor does the
 * backlog decide: counting it takes long just when much waits.
 */
async function readiness({ inbox, writes, client, worker }: ReadinessDeps): Promise<Readiness> {
  const [reads, writing, temporal, backlog] = await Promise.all([
    valueWithin(
      DEADLINE_MS,
      inbox.nextDue().then(
        () => 'answers' as const,
        () => 'away' as const,
      ),
    ),
    writes?.state() ?? ('answers' as const),
    temporalAnswers(client),
    valueWithin(DEADLINE_MS, recentBacklog(inbox)),
  ]);
  // SQLite does one thing after the other: what waits behind a write that is tried says nothing, and how that goes does.
  const isRead = reads === 'answers' || (reads === undefined && writes?.isTrying());
  const store = isRead || writing === 'damaged' ? writing : 'away';
  const ready = store === 'answers';
  const state = worker?.();
  const body: ReadinessAnswer = {
    ready,
    store,
    temporal: temporal ? 'answers' : 'away',
    ...(state && { worker: state.kind, workerSince: new Date(state.since).toISOString() }),
    ...(state?.isCareful && { workerCareful: true }),
    ...(backlog && { waiting: backlog.pending, failed: backlog.failed }),
  };
  return { status: ready ? 200 : 503, body };
}

/** Uses the client's own deadline: a call that was abandoned would throw when the connection is closed meanwhile. */
function temporalAnswers(client: Client): Promise<boolean> {
  const call = () => client.workflowService.getSystemInfo({});
  return client.withDeadline(Date.now() + DEADLINE_MS, call).then(
    () => true,
    () => false,
  );
}

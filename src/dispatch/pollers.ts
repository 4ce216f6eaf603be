import type { Client } from '@temporalio/client';
import { valueWithin } from '../async/deadline.js';

/** Whether workers take what is started. Where none do, there is nobody whose way a start could be in. */
export interface WorkerWatch {
  /** As far as is known; asks anew, beside, when that is some seconds ago. */
  present(): boolean;
  /** Whether Temporal answers that question, which has to do with no run. Asked again after a quarter of a second. */
  answers(): Promise<boolean>;
  /** Resolves when no question is under way: gRPC throws where nobody catches if its connection is closed before. */
  settled(): Promise<void>;
}

/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's API. */
const WORKFLOW_TASKS = 1;
const FRESH_MS = 5_000;
const ANSWER_FRESH_MS = 250;
const DEADLINE_MS = 2_000;
const GRACE_MS = 500;

export function watchWorkers({ client, taskQueue }: { client: Client; taskQueue: string }): WorkerWatch {
  let present = true;
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer = Promise.resolve(true);
  /** Of the question that is under way. */
  let call: Promise<true> | undefined;
  const ask = async () => {
    const { pollers } = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: WORKFLOW_TASKS,
      }),
    );
    present = (pollers ?? []).length > 0;
    return true as const;
  };
  /** One question at a time. A worker's connection takes the deadline as that of each try: it is not waited for. */
  const askUnless = (freshMs: number) => {
    const now = performance.now();
    if (call || now - askedAt <= freshMs) return answer;
    askedAt = now;
    const asked = ask();
    call = asked;
    const ended = () => {
      call = undefined;
    };
    asked.then(ended, ended);
    answer = valueWithin(DEADLINE_MS + GRACE_MS, asked).then((isAnswered) => {
      // What can't be found out: somebody may be working.
      if (!isAnswered) present = true;
      return isAnswered === true;
    });
    return answer;
  };
  return {
    present() {
      void askUnless(FRESH_MS);
      return present;
    },
    answers: () => askUnless(ANSWER_FRESH_MS),
    settled: async () => void (await call?.catch(() => undefined)),
  };
}

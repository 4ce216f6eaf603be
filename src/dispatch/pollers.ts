import type { Client } from '@temporalio/client';
import { valueWithin } from '../async/deadline.js';

/** Asks Temporal, beside the dispatches, who polls the task queue. One question is under way at a time. */
export interface PollerWatch {
  /** Returns whether workers poll, as far as is known; asks again if that is some seconds old. */
  present(): boolean;
  /** Resolves to whether Temporal answers this question, which concerns no run. The answer may be 250 ms old. */
  answers(): Promise<boolean>;
  /** Resolves when no question is under way: gRPC throws uncaught errors if its connection is closed before. */
  idle(): Promise<void>;
}

/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's API. */
const WORKFLOW_TASKS = 1;
const PRESENT_FRESH_MS = 5_000;
const ANSWERS_FRESH_MS = 250;
const DEADLINE_MS = 2_000;
const GRACE_MS = 500;

/** Returns a watch that takes workers for present until it knows better. */
export function watchPollers({ client, taskQueue }: { client: Client; taskQueue: string }): PollerWatch {
  let present = true;
  let askedAt = Number.NEGATIVE_INFINITY;
  let answers = Promise.resolve(true);
  /** The question that is under way. */
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
  const askUnlessFresh = (freshMs: number) => {
    const now = performance.now();
    if (call || now - askedAt <= freshMs) return answers;
    askedAt = now;
    const asked = ask();
    call = asked;
    const ended = () => {
      call = undefined;
    };
    asked.then(ended, ended);
    // A worker's connection takes the deadline as that of each of its tries: it is not waited for.
    answers = valueWithin(DEADLINE_MS + GRACE_MS, asked).then((isAnswered) => {
      // Unknown counts as present.
      if (!isAnswered) present = true;
      return isAnswered === true;
    });
    return answers;
  };
  return {
    present() {
      void askUnlessFresh(PRESENT_FRESH_MS);
      return present;
    },
    answers: () => askUnlessFresh(ANSWERS_FRESH_MS),
    idle: async () => void (await call?.catch(() => undefined)),
  };
}

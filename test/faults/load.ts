import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent } from 'undici';
import { push, sendPush } from '../support/harness/send-push.js';
import type { Draw } from './draw.js';

/** What is known of one delivery. */
export interface Sent {
  readonly key: string;
  readonly branch: string;
  /** Runs that the answer promised; undefined while there has been no 2xx. */
  readonly runs?: readonly string[];
  readonly tries: number;
  /** Whether the sender has stopped trying. */
  readonly givenUp: boolean;
}

export interface Load {
  /** All that were sent, by key. */
  readonly sent: ReadonlyMap<string, Sent>;
  /** Answers other than 2xx, by status; 0: none came. */
  readonly refusals: ReadonlyMap<number, number>;
  /** Sends nothing new, and waits until every delivery is answered or given up. */
  pause(): Promise<void>;
  resume(): void;
  stop(): Promise<void>;
}

export interface LoadOptions {
  /** Addresses of the receivers, in turn; the next when one does not answer. */
  readonly urls: readonly string[];
  readonly secret: string;
  readonly source: string;
  /** Deliveries a second. */
  readonly rate: number;
  readonly draw: Draw;
}

/**
 * Branches of the automations: as many runs of each of automations/faults.ts, one to which nothing listens, and lanes of
 * automations/lanes.ts, of which each gets few enough that nobody is refused where Temporal is away for long.
 */
const BRANCHES = [
  ...Array.from({ length: 4 }, () => ['single', 'single', 'both', 'nothing']).flat(),
  ...['queued-1', 'queued-2', 'queued-3', 'queued-4', 'paired-1', 'paired-2', 'newest-1', 'newest-2'],
];
/** About what providers wait for an answer. */
const ANSWER_MS = 10_000;
/** Together more than three minutes: longer than any fault lasts, also where a process takes two of them to start. */
const TRIES = 42;
const MAX_PAUSE_MS = 5_000;
/** Senders who wait for an answer at the same time. */
const MAX_UNDER_WAY = 2_000;
const TICK_MS = 50;

/**
 * Sends signed pushes at a steady rate. One without a 2xx is sent again under the same id, as an operator redelivers.
 */
export function startLoad({ urls, rate, draw, ...to }: LoadOptions): Load {
  const agent = new Agent({ connections: 64, pipelining: 1 });
  const sent = new Map<string, Sent>();
  const refusals = new Map<number, number>();
  const underWay = new Set<Promise<void>>();
  let turn = 0;
  let due = 0;
  let paused = false;
  let stopped = false;

  const deliver = async () => {
    const delivery = { ...to, agent, id: randomUUID(), branch: draw.pick(BRANCHES), deadlineMs: ANSWER_MS };
    const body = push(delivery.branch);
    const key = delivery.id;
    for (let tries = 1; ; tries += 1) {
      sent.set(key, { key, branch: delivery.branch, tries, givenUp: tries > TRIES || stopped });
      if (tries > TRIES || stopped) return;
      const url = urls[turn++ % urls.length] ?? '';
      const answer = await sendPush(url, { ...delivery, body });
      if (answer.status >= 200 && answer.status < 300) {
        sent.set(key, { key, branch: delivery.branch, tries, givenUp: false, runs: answer.body.runs ?? [] });
        return;
      }
      refusals.set(answer.status, (refusals.get(answer.status) ?? 0) + 1);
      await wait(Math.min(MAX_PAUSE_MS, 250 * 2 ** tries));
    }
  };
  const tick = setInterval(() => {
    if (paused) return;
    for (due += (rate * TICK_MS) / 1_000; due >= 1; due -= 1) {
      if (underWay.size >= MAX_UNDER_WAY) continue;
      const work = deliver().finally(() => underWay.delete(work));
      underWay.add(work);
    }
  }, TICK_MS);
  const pause = async () => {
    paused = true;
    await Promise.all(underWay);
  };
  return {
    sent,
    refusals,
    pause,
    resume() {
      paused = false;
      due = 0;
    },
    async stop() {
      stopped = true;
      clearInterval(tick);
      await pause();
      await agent.close();
    },
  };
}

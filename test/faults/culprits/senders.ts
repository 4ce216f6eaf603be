import { setTimeout as wait } from 'node:timers/promises';
import { Agent } from 'undici';
import { type Sent, sendPush } from '../../support/harness/send-push.js';

/** Deliveries that are sent all the while. */
export interface Senders {
  /** Waits for the last answers, and returns all. */
  stop(): Promise<readonly Sent[]>;
}

export interface SendersOptions {
  readonly url: string;
  readonly secret: string;
  readonly source: string;
  readonly connections: number;
  /** Of all connections together, a second. */
  readonly rate: number;
}

/** One delivery in so many starts a run. */
const RUN_EVERY = 8;

/** Sends signed pushes over so many connections, each in turn; one in eight starts a harmless run. */
export function startSenders({ connections, rate, url, ...to }: SendersOptions): Senders {
  const agent = new Agent({ connections, pipelining: 1 });
  const sent: Sent[] = [];
  const everyMs = (connections * 1_000) / rate;
  let stopped = false;
  let count = 0;
  const send = async (number: number) => {
    // Spread over the time, as senders who know nothing of each other are.
    await wait((everyMs * number) / connections);
    while (!stopped) {
      const began = performance.now();
      const branch = count++ % RUN_EVERY === 0 ? 'harmless' : 'nothing';
      sent.push(await sendPush(url, { ...to, branch, agent }));
      await wait(Math.max(0, everyMs - (performance.now() - began)));
    }
  };
  const sending = Promise.all(Array.from({ length: connections }, (_, number) => send(number)));
  return {
    async stop() {
      stopped = true;
      await sending;
      if (!agent.closed) await agent.close();
      return sent;
    },
  };
}

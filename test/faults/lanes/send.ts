import { randomUUID } from 'node:crypto';
import { Agent } from 'undici';
import { push, sendPush } from '../../support/harness/send-push.js';
import type { Cluster } from '../cluster.js';

/** A push that was taken, and the run that it asks for. */
export interface Pushed {
  readonly branch: string;
  readonly run: string;
}

interface Sending {
  readonly cluster: Cluster;
  readonly wait: (ms: number) => Promise<void>;
  /** The automation that listens to the branches. */
  readonly automation: string;
}

const ANSWER_MS = 10_000;
const AGAIN_MS = 250;

/**
 * Pushes to branches, one after the other: each is sent again, under its id, until a server has taken it. So they arrive in this
 * order.
 */
export async function pushInOrder(
  { cluster, wait, automation }: Sending,
  branches: readonly string[],
): Promise<readonly Pushed[]> {
  const { secret, source, servers } = cluster;
  const agent = new Agent();
  const pushed: Pushed[] = [];
  let turn = 0;
  try {
    for (const branch of branches) {
      const id = randomUUID();
      const to = { secret, source, branch, agent, id, body: push(branch), deadlineMs: ANSWER_MS };
      const answered = async () => (await sendPush(servers[turn++ % servers.length]?.url ?? '', to)).status;
      for (let status = await answered(); status < 200 || status > 299; status = await answered()) await wait(AGAIN_MS);
      pushed.push({ branch, run: `${automation}/${source}/${id}` });
    }
  } finally {
    await agent.close();
  }
  return pushed;
}

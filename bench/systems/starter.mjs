import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { startOptions } from '../../dist/dispatch/start-options.js';
import { normalisePush } from '../../dist/providers/github/webhook/push.js';
import { connectClient } from '../../dist/temporal/connect.js';
import { payload } from '../lib/push.mjs';
import { serve } from '../lib/serve.mjs';

/** d. Nothing but `client.workflow.start` in a loop, with the event that our dispatcher would give. */
let client;
let queue;
let event;

serve({
  async begin({ temporal, taskQueue }) {
    client = connectClient({ namespace: 'default', options: { address: temporal } });
    queue = taskQueue;
    const context = { source: 'github', deliveryId: 'd0', receivedAt: new Date().toISOString() };
    event = normalisePush(payload(randomBytes(20).toString('hex')), context).event;
    return {};
  },
  /** `dressed`: with the summary, details and search attributes that the dispatcher gives a run. */
  run: ({ callers, seconds = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY, ...how }) =>
    run({ callers, seconds, count, ...how }),
  end: () => client.connection.close(),
});

async function run({ callers, seconds, count, dressed = false, workflow = 'ci', everyMs = 0 }) {
  const latencies = [];
  const sent = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  let taken = 0;
  let inTime = 0;
  let last = began;
  const one = async () => {
    while (performance.now() < until && taken < count) {
      taken += 1;
      const sha = randomBytes(20).toString('hex');
      const at = performance.now();
      sent.push([sha, performance.timeOrigin + at]);
      await start({ ...event, commit: { ...event.commit, sha } }, { workflow, dressed });
      last = performance.now();
      latencies.push(last - at);
      if (last <= until) inTime += 1;
      if (everyMs > 0) await wait(Math.max(0, at + everyMs - performance.now()));
    }
  };
  await Promise.all(Array.from({ length: callers }, one));
  latencies.sort((a, b) => a - b);
  const at = (part) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))];
  const rate = Number.isFinite(seconds) ? inTime / seconds : (latencies.length * 1000) / (last - began);
  return { rate, p50: at(0.5), p99: at(0.99), answered: latencies.length, sent };
}

function start(input, { workflow, dressed }) {
  const workflowId = `${workflow}/bench/${randomUUID()}`;
  const dispatch = { kind: 'start', id: workflowId, workflowId, automation: workflow, event: input, attempt: 1 };
  const options = dressed ? startOptions(dispatch, queue) : { taskQueue: queue, workflowId, args: [input] };
  return client.withDeadline(Date.now() + 60_000, () => client.workflow.start(workflow, options));
}

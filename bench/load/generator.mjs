import { setTimeout as wait } from 'node:timers/promises';
import { createPushRequests } from '../lib/push.mjs';
import { serve } from '../lib/serve.mjs';
import { openConnection } from './connection.mjs';

/** What is ready to be sent; made before the clock starts. */
const prepared = [];
let makeRequest;

serve({
  async begin({ path, secret }) {
    makeRequest = createPushRequests({ path, secret });
    return { bytes: makeRequest().bytes.length };
  },
  /** Makes requests until `count` are ready. */
  async prepare({ count }) {
    while (prepared.length < count) prepared.push(makeRequest());
  },
  run: ({ port, connections, seconds = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY, ...how }) =>
    run({ port, connections, seconds, count, ...how }),
});

/**
 * Sends over `connections` at once until the time is over or `count` are sent, and waits for what is under way. `tell`:
 * answers with what was sent when, and with what was answered by 2xx. `untilError`: a connection that fails sends no more.
 */
async function run({ port, connections, seconds, count, everyMs = 0, tell = false, untilError = false }) {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  const latencies = [];
  const statuses = {};
  const sent = [];
  const acknowledged = [];
  let taken = 0;
  let inTime = 0;
  let lastAnswer = 0;
  const began = performance.now();
  const until = began + seconds * 1000;
  const one = async (connection) => {
    while (performance.now() < until && taken < count) {
      taken += 1;
      const { sha, bytes } = prepared.pop() ?? makeRequest();
      const at = performance.now();
      if (tell) sent.push([sha, performance.timeOrigin + at]);
      const status = await connection.send(bytes).catch((error) => error.code ?? error.message);
      lastAnswer = performance.now();
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies.push(lastAnswer - at);
      if (lastAnswer <= until) inTime += 1;
      const isTaken = status >= 200 && status < 300;
      if (tell && isTaken) acknowledged.push(sha);
      if (untilError && !isTaken) return;
      if (everyMs > 0) await wait(Math.max(0, at + everyMs - performance.now()));
    }
  };
  await Promise.all(open.map(one));
  for (const connection of open) connection.close();
  latencies.sort((a, b) => a - b);
  // Only what was answered within the time counts, unless a number was asked for.
  const [done, took] = Number.isFinite(seconds) ? [inTime, seconds] : [latencies.length, (lastAnswer - began) / 1000];
  return {
    rate: done / took,
    answered: latencies.length,
    statuses,
    p50: at(latencies, 0.5),
    p99: at(latencies, 0.99),
    sent,
    acknowledged,
  };
}

function at(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

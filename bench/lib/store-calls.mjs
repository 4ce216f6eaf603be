import { randomBytes, randomUUID } from 'node:crypto';
import { openSqliteStore } from '../../dist/store/sqlite/open.js';
import { median } from './figures.mjs';

const TIMES = 100;
const PENDING = 100;
const FAILED = 50;

/**
 * Times what a server asks of its store all the time, and what people ask of it, on several files in turn. Each file
 * gets the same few starts that wait or have failed, so that only the rest differs. Answers medians in ms, by name.
 */
export async function timeCalls(paths) {
  const names = Object.keys(paths);
  const stores = {};
  const found = Object.fromEntries(names.map((name) => [name, {}]));
  try {
    for (const name of names) {
      stores[name] = await openSqliteStore({ path: paths[name] });
      await addSome(stores[name].inbox);
    }
    const keys = Object.keys(callsOf(stores[names[0]].inbox, 'none'));
    const first = {};
    for (const name of names) first[name] = (await stores[name].inbox.list({ limit: 1 }))[0].id;
    for (const key of keys) {
      const times = Object.fromEntries(names.map((name) => [name, []]));
      for (let n = 0; n < TIMES; n++) {
        for (const name of names) {
          const began = performance.now();
          await callsOf(stores[name].inbox, first[name])[key]();
          times[name].push(performance.now() - began);
        }
      }
      for (const name of names) found[name][key] = median(times[name]);
    }
    return found;
  } finally {
    for (const store of Object.values(stores)) await store.close();
  }
}

function callsOf(inbox, id) {
  return {
    // Leases that end at once: the next call finds the same.
    claim: () => inbox.claim({ limit: 32, leaseMs: 0 }),
    nextDue: () => inbox.nextDue(),
    backlog: () => inbox.backlog(),
    find: () => inbox.find(id),
    'find by its beginning': () => inbox.find(id.slice(0, 16)),
    'list of 20': () => inbox.list({ limit: 20 }),
    'list of 20 of a source': () => inbox.list({ limit: 20, source: 'github' }),
    'list of 20 failed': () => inbox.list({ limit: 20, failed: true }),
    accept: () => inbox.accept(aDelivery()),
  };
}

async function addSome(inbox) {
  const ids = Array.from({ length: PENDING + FAILED }, () => randomUUID());
  await Promise.all(ids.map((key) => inbox.accept(aDelivery(key, true))));
  const failed = ids.slice(0, FAILED).map((key) => ({ id: `ci/github/${key}`, outcome: 'failed', error: 'no' }));
  await inbox.settle(failed);
}

function aDelivery(key = randomUUID(), starts = false) {
  return {
    id: `d${randomBytes(12).toString('hex')}`,
    source: 'github',
    key,
    bodyHash: randomBytes(32).toString('hex'),
    repeatedSince: 0,
    eventName: 'push',
    receivedAt: Date.now(),
    headers: {},
    body: randomBytes(15_000),
    events: [{ kind: 'push' }],
    verdicts: starts ? [{ automation: 'ci', outcome: 'start', because: 'push', workflowId: `ci/github/${key}` }] : [],
  };
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { medianOf } from '../lib/figures.mjs';
import { interleaved } from '../lib/interleaved.mjs';
import { deletedSoFar, fillStore } from '../lib/many-deliveries.mjs';
import { startReceiver } from '../lib/receiver.mjs';
import { rowOf } from '../lib/row.mjs';
import { timeCalls } from '../lib/store-calls.mjs';
import { atMost } from '../lib/target.mjs';
import { writeConfig } from '../lib/write-config.mjs';

const CONNECTIONS = [32, 1];
const OLD_DAYS = 60;
const NEW_DAYS = 30;
/** Nothing is old enough for the one; for the other, what is `OLD_DAYS` old is. */
const KEEP_DAYS = { without: 365, with: 45 };
/** As few as this are no harm beside a full inbox, and make its first pages. */
const WARM = 1_500;

/**
 * A tree of 1,000,000 entries is one level deeper than one of some thousands, and its pages don't all fit into memory
 * next to the connection: a delivery may cost a quarter more, but nothing that goes on growing.
 */
const MAX_TIME_FULL = 1.25;
/** Somebody waits for each of these calls; an ordinary disk syncs in a few milliseconds. */
const MAX_CALL_MS = 10;
/** What a slice of deletions holds up is noticed if it doubles the slowest answers, and they are slow at that. */
const MAX_P99 = { ratio: 2, ms: 50 };

/** i. Whether an inbox that is full is as quick as an empty one, also while retention deletes from it. */
export async function inbox(bench) {
  const generator = await bench.generator();
  const count = bench.quick ? 100_000 : 1_000_000;
  const full = join(bench.folder, 'inbox-full');
  const path = join(full, 'hookyard.db');
  bench.say(`inbox: filling one with ${count} deliveries`);
  await mkdir(full, { recursive: true });
  await fillStore({
    path,
    count,
    old: bench.quick ? 20_000 : 100_000,
    oldDays: OLD_DAYS,
    newDays: NEW_DAYS,
    say: bench.say,
  });
  const calls = await timeCalls({ empty: join(bench.folder, 'inbox-calls', 'hookyard.db'), full: path });

  let fresh = 0;
  const turn = (keepDays, nameOf) => async () => {
    const name = nameOf();
    await configure(join(bench.folder, name), keepDays);
    const receiver = await startReceiver(bench, { name });
    try {
      await receiver.load(generator, { connections: 8, count: WARM });
      const found = {};
      for (const connections of CONNECTIONS) {
        found[connections] = await receiver.load(generator, { connections, seconds: bench.quick ? 2 : 5 });
      }
      return found;
    } finally {
      await receiver.end();
    }
  };
  const rounds = await interleaved(
    {
      empty: turn(KEEP_DAYS.without, () => `inbox-empty-${++fresh}`),
      full: turn(KEEP_DAYS.without, () => 'inbox-full'),
      pruned: turn(KEEP_DAYS.with, () => 'inbox-full'),
    },
    { rounds: bench.quick ? 2 : 3, say: bench.say },
  );
  const deleted = deletedSoFar(path);
  if (deleted === 0) throw new Error('retention deleted nothing');
  return { targets: targetsOf(rounds, calls), rows: rowsOf(rounds, { calls, count, deleted }) };
}

async function configure(folder, keepDays) {
  await mkdir(folder, { recursive: true });
  await writeConfig(folder, { inbox: { keepDays } });
}

function targetsOf(rounds, calls) {
  const slowest = Math.max(...Object.values(calls.full));
  return [
    ...CONNECTIONS.flatMap((connections) => {
      const of = (name, key) => medianOf(rounds, (round) => round[name][connections][key]);
      const time = medianOf(rounds, (round) => round.empty[connections].rate / round.full[connections].rate);
      return [
        atMost(`i. time per delivery, full / empty, at ${connections}`, MAX_TIME_FULL, time),
        p99Target(connections, { without: of('full', 'p99'), with: of('pruned', 'p99') }),
      ];
    }),
    atMost('i. the slowest of the inbox’s calls, full, in ms', MAX_CALL_MS, slowest),
  ];
}

/** Passes by either bound: a ratio of two small times says nothing. */
function p99Target(connections, p99) {
  const value = p99.with / p99.without;
  return {
    name: `i. p99 while retention deletes / without, at ${connections}`,
    value,
    wanted: `≤ ${MAX_P99.ratio}, or ≤ ${MAX_P99.ms} ms`,
    pass: value <= MAX_P99.ratio || p99.with <= MAX_P99.ms,
  };
}

function rowsOf(rounds, { calls, count, deleted }) {
  const names = {
    empty: 'i. receiver, empty inbox',
    full: `i. the same, ${count} deliveries stored`,
    pruned: 'i. the same, while retention deletes',
  };
  const loads = CONNECTIONS.flatMap((connections) =>
    Object.entries(names).map(([name, what]) => ({
      ...rowOf(
        what,
        connections,
        rounds.map((round) => round[name][connections]),
      ),
      ...(name === 'pruned' && { note: `${deleted} deleted in all` }),
    })),
  );
  const asked = Object.keys(calls.full).map((key) => ({
    what: `i. ${key}, ${count} deliveries stored`,
    p50: calls.full[key],
    note: `${calls.empty[key].toFixed(2)} ms in an empty inbox`,
  }));
  return [...loads, ...asked];
}

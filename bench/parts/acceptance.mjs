import { medianOf } from '../lib/figures.mjs';
import { interleaved } from '../lib/interleaved.mjs';
import { startReceiver } from '../lib/receiver.mjs';
import { rowOf } from '../lib/row.mjs';
import { startSystem } from '../lib/system.mjs';
import { atLeast, atMost } from '../lib/target.mjs';

const NAMES = {
  stored: 'a. receiver, stored and answered',
  starting: 'a. the same, while starts run',
  frozen: 'a. the same, Temporal stopped',
  raw: 'b. Express, raw body alone',
  byHand: 'c. by hand: verify, start, answer',
  byHandStock: 'c. the same, Temporal as it comes',
  starts: 'd. client.workflow.start alone',
  dressed: 'd. the same, as the dispatcher does it',
};

/** a to d. How many deliveries a second are answered, and how soon. */
export async function acceptance(bench) {
  const generator = await bench.generator();
  const temporal = await bench.temporal();
  const to = { temporal: temporal.address, taskQueue: 'bench-acceptance' };
  const stored = await startReceiver(bench, { name: 'stored', ...to });
  const raw = await startSystem(bench, { module: 'systems/express-raw.mjs', options: {} });
  const byHand = await startSystem(bench, { module: 'systems/by-hand.mjs', options: to });
  const { address: stock } = await bench.stockTemporal();
  const byHandStock = await startSystem(bench, { module: 'systems/by-hand.mjs', options: { ...to, temporal: stock } });
  const starter = await startSystem(bench, { module: 'systems/starter.mjs', options: to });
  for (const [system, count] of [
    [stored, 1_500],
    [raw, 1_500],
    [byHand, 100],
    [byHandStock, 100],
  ]) {
    await system.load(generator, { connections: 8, count });
  }
  await starter.ask('run', { callers: 8, count: 50, dressed: true });

  const seconds = bench.quick ? 2 : 4;
  const targets = [];
  const rows = [];
  let fresh = 0;
  for (const connections of [1, 32, 128]) {
    bench.say(`acceptance over ${connections} connections`);
    const load = (system) => () => system.load(generator, { connections, seconds });
    const start = (dressed) => () => starter.ask('run', { callers: connections, seconds, dressed });
    /** A receiver of its own each time, because its backlog is left to it. */
    const started = (prepare) => async () => {
      const receiver = await startReceiver(bench, { name: `starting-${++fresh}`, ...to });
      await receiver.load(generator, { connections: 8, count: 1_000 });
      await receiver.ask('dispatch');
      const restore = await prepare?.();
      try {
        return await receiver.load(generator, { connections, seconds });
      } finally {
        restore?.();
        await receiver.end();
      }
    };
    const freeze = () => {
      temporal.freeze();
      return temporal.thaw;
    };
    const rounds = await interleaved(
      {
        stored: load(stored),
        raw: load(raw),
        byHand: load(byHand),
        ...(connections === 32 && { byHandStock: load(byHandStock) }),
        starts: start(false),
        dressed: start(true),
        starting: started(),
        ...(connections === 32 && { frozen: started(freeze) }),
      },
      { rounds: bench.quick ? 2 : 3, say: bench.say },
    );
    rows.push(
      ...Object.keys(NAMES)
        .filter((name) => rounds[0][name])
        .map((name) =>
          rowOf(
            NAMES[name],
            connections,
            rounds.map((round) => round[name]),
          ),
        ),
    );
    targets.push(...targetsOf(rounds, connections));
  }
  for (const system of [stored, raw, byHand, byHandStock, starter]) await system.end();
  return { targets, rows };
}

function targetsOf(rounds, connections) {
  const ratio = (above, below) => medianOf(rounds, (round) => round[above].rate / round[below].rate);
  const at = `at ${connections}`;
  if (connections === 1) {
    return [
      atLeast(`a / b, ${at}`, undefined, ratio('stored', 'raw')),
      atLeast(`a / c, ${at}`, undefined, ratio('stored', 'byHand')),
    ];
  }
  const rates = [
    atLeast(`a / b, ${at}`, 0.8, ratio('stored', 'raw')),
    atLeast(`a / c, ${at}`, 35, ratio('stored', 'byHand')),
    atLeast(`a while starts run / a, ${at}`, connections === 32 ? 0.6 : undefined, ratio('starting', 'stored')),
  ];
  if (connections !== 32) return rates;
  const p99 = (name) => medianOf(rounds, (round) => round[name].p99);
  return [
    ...rates,
    atLeast(`a / c on a Temporal as it comes, ${at}`, undefined, ratio('stored', 'byHandStock')),
    atMost(
      `a / b, CPU a delivery, ${at}`,
      2,
      medianOf(rounds, ({ stored, raw }) => stored.cpuMs / raw.cpuMs),
    ),
    atMost(`a, p99 in ms, ${at}`, 35, p99('stored')),
    atMost(`a, p99 in ms, Temporal stopped, ${at}`, 35, p99('frozen')),
  ];
}

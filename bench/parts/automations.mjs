import { medianOf } from '../lib/figures.mjs';
import { startReceiver } from '../lib/receiver.mjs';
import { atMost } from '../lib/target.mjs';

const MANY = 200;
const CONNECTIONS = 32;

/** h. What it costs that many automations are asked about each delivery: recognised, matched, stored and answered. */
export async function automations(bench) {
  const seconds = bench.quick ? 1.5 : 3;
  const rounds = bench.quick ? 5 : 7;
  const generator = await bench.generator();
  const one = await startReceiver(bench, { name: 'one', automations: 1 });
  const many = await startReceiver(bench, { name: 'many', automations: MANY });
  const measured = [];
  for (const receiver of [one, many]) await receiver.load(generator, { connections: CONNECTIONS, count: 1_000 });
  for (let round = 0; round < rounds; round++) {
    bench.say(`automations: round ${round + 1} of ${rounds}`);
    // Who goes first takes turns: the machine may be slower for the second.
    const pair = {};
    for (const [name, receiver] of inTurn(round, [['one', one], ['many', many]])) {
      pair[name] = await receiver.load(generator, { connections: CONNECTIONS, seconds });
    }
    measured.push(pair);
  }
  await Promise.all([one.end(), many.end()]);
  const ratio = (read) => medianOf(measured, (pair) => read(pair));
  return {
    targets: [
      atMost(`h. time per delivery with ${MANY} automations / with 1`, 1.5, ratio(({ one, many }) => one.rate / many.rate)),
      atMost(`h. CPU per delivery with ${MANY} automations / with 1`, undefined, ratio(({ one, many }) => many.cpuMs / one.cpuMs)),
    ],
    rows: ['one', 'many'].map((name) => ({
      what: `h. receiver, ${name === 'one' ? 1 : MANY} automation${name === 'one' ? '' : 's'}`,
      connections: CONNECTIONS,
      rate: ratio((pair) => pair[name].rate),
      p50: ratio((pair) => pair[name].p50),
      p99: ratio((pair) => pair[name].p99),
      cpuMs: ratio((pair) => pair[name].cpuMs),
    })),
  };
}

function inTurn(round, list) {
  return round % 2 === 0 ? list : list.toReversed();
}

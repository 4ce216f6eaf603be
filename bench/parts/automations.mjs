import { medianOf } from '../lib/figures.mjs';
import { interleaved } from '../lib/interleaved.mjs';
import { startReceiver } from '../lib/receiver.mjs';
import { rowOf } from '../lib/row.mjs';
import { atMost } from '../lib/target.mjs';

const MANY = 200;
const CONNECTIONS = 32;

/** h. What it costs that many automations are asked about each delivery: recognised, matched, stored and answered. */
export async function automations(bench) {
  const generator = await bench.generator();
  const receivers = {
    one: await startReceiver(bench, { name: 'one', automations: 1 }),
    many: await startReceiver(bench, { name: 'many', automations: MANY }),
  };
  for (const receiver of Object.values(receivers))
    await receiver.load(generator, { connections: CONNECTIONS, count: 1_000 });
  const seconds = bench.quick ? 1.5 : 2.5;
  const load = (name) => () => receivers[name].load(generator, { connections: CONNECTIONS, seconds });
  const rounds = await interleaved({ one: load('one'), many: load('many') }, { rounds: bench.quick ? 4 : 5 });
  for (const receiver of Object.values(receivers)) await receiver.end();
  const time = medianOf(rounds, ({ one, many }) => one.rate / many.rate);
  const cpu = medianOf(rounds, ({ one, many }) => many.cpuMs / one.cpuMs);
  return {
    targets: [
      atMost(`h. time per delivery, ${MANY} automations / 1`, 1.5, time),
      atMost(`h. CPU per delivery, ${MANY} automations / 1`, undefined, cpu),
    ],
    rows: [
      rowOf(
        'h. receiver, 1 automation',
        CONNECTIONS,
        rounds.map(({ one }) => one),
      ),
      rowOf(
        `h. receiver, ${MANY} automations`,
        CONNECTIONS,
        rounds.map(({ many }) => many),
      ),
    ],
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import { medianOf } from '../lib/figures.mjs';
import { interleaved } from '../lib/interleaved.mjs';
import { startReceiver } from '../lib/receiver.mjs';
import { startSystem } from '../lib/system.mjs';
import { atLeast } from '../lib/target.mjs';

const CALLERS = [16, 32, 128];
const LOOK_MS = 200;
const CONNECTIONS = 32;

/** f. How soon a backlog is started: alone, and while deliveries come in as fast as they are answered; beside d. */
export async function drain(bench) {
  const generator = await bench.generator();
  const temporal = await bench.temporal();
  const to = { temporal: temporal.address, taskQueue: 'bench-drain' };
  const starter = await startSystem(bench, { module: 'systems/starter.mjs', options: to });
  await starter.ask('run', { callers: 8, count: 50, dressed: false });
  const backlog = bench.quick ? 300 : 5_000;
  const seconds = bench.quick ? 2 : 10;
  let fresh = 0;
  const filled = async () => {
    const receiver = await startReceiver(bench, { name: `drain-${++fresh}`, ...to });
    await receiver.load(generator, { connections: CONNECTIONS, count: backlog });
    return receiver;
  };
  const starts = Object.fromEntries(
    CALLERS.map((callers) => [`starts${callers}`, () => starter.ask('run', { callers, seconds, dressed: false })]),
  );
  const rounds = await interleaved(
    {
      ...starts,
      alone: async () => {
        const receiver = await filled();
        const began = performance.now();
        await receiver.ask('dispatch');
        await untilEmpty(receiver, bench);
        const rate = (backlog * 1000) / (performance.now() - began);
        await receiver.end();
        return { rate };
      },
      loaded: async () => {
        const receiver = await filled();
        await receiver.ask('dispatch');
        const before = await receiver.ask('backlog');
        const began = performance.now();
        const { answered, rate: taken } = await receiver.load(generator, { connections: CONNECTIONS, seconds });
        const after = await receiver.ask('backlog');
        const rate = ((before.pending + answered - after.pending) * 1000) / (performance.now() - began);
        await receiver.end();
        return { rate, taken };
      },
    },
    { rounds: 2, say: bench.say },
  );
  await starter.end();
  // The best that anybody got out of the server, whatever the number of callers.
  const best = (round) => Math.max(...CALLERS.map((callers) => round[`starts${callers}`].rate));
  const rate = (name) => medianOf(rounds, (round) => round[name].rate);
  return {
    targets: [
      atLeast(
        'f / the best of d, alone',
        0.95,
        medianOf(rounds, (round) => round.alone.rate / best(round)),
      ),
      atLeast(
        'f / the best of d, while deliveries come in',
        0.8,
        medianOf(rounds, (round) => round.loaded.rate / best(round)),
      ),
    ],
    rows: [
      ...CALLERS.map((callers) => ({
        what: 'd. client.workflow.start alone',
        connections: callers,
        rate: rate(`starts${callers}`),
      })),
      { what: `f. drain of ${backlog}`, rate: rate('alone') },
      {
        what: 'f. the same, while deliveries come in',
        connections: CONNECTIONS,
        rate: rate('loaded'),
        note: `${Math.round(medianOf(rounds, (round) => round.loaded.taken))}/s come in`,
      },
    ],
  };
}

async function untilEmpty(receiver, { quick }) {
  const until = Date.now() + (quick ? 60_000 : 300_000);
  for (;;) {
    const { pending, failed } = await receiver.ask('backlog');
    if (failed > 0) throw new Error(`${failed} starts failed`);
    if (pending === 0) return;
    if (Date.now() > until) throw new Error(`the backlog still holds ${pending}`);
    await wait(LOOK_MS);
  }
}

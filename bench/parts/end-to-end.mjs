import { setTimeout as wait } from 'node:timers/promises';
import { median, medianOf } from '../lib/figures.mjs';
import { interleaved } from '../lib/interleaved.mjs';
import { startBare, startByHand, startOurs } from '../lib/rivals.mjs';
import { completed, costOfOne, untilCompleted } from '../lib/runs.mjs';
import { atLeast, atMost } from '../lib/target.mjs';

const WARM_UP = 10;
const EVERY_MS = 250;
const PATIENCE_S = 60;

/**
 * `kind`: the automation has the steps as local activities, as a user would have short ones, or as regular ones, or it is in a
 * lane. `alone`: only one delivery at a time is measured, since its runs take turns.
 */
const LAYOUTS = {
  oursTogether: { start: startOurs, what: 'ours, one process', together: true },
  oursTogetherRegular: {
    start: startOurs,
    what: 'ours with regular activities, one process',
    together: true,
    kind: '-regular',
  },
  lanedTogether: { start: startOurs, what: 'ours in a lane, one process', together: true, kind: '-laned', alone: true },
  handTogether: { start: startByHand, what: 'c, one process', together: true },
  ours: { start: startOurs, what: 'ours', together: false },
  oursRegular: { start: startOurs, what: 'ours with regular activities', together: false, kind: '-regular' },
  laned: { start: startOurs, what: 'ours in a lane', together: false, kind: '-laned', alone: true },
  hand: { start: startByHand, what: 'c', together: false },
  bare: { start: startBare, what: 'bare workflow', together: false },
};

const BURSTS = ['oursTogether', 'handTogether', 'ours', 'hand'];

/** e. From the POST to the first activity at low load, and runs completed a second, of one step and of five. */
export async function endToEnd(bench) {
  const size = bench.quick
    ? { rounds: 1, single: 12, steady: 40, burst: 100, burstSeconds: 20 }
    : { rounds: 2, single: 40, steady: 200, burst: 2_000, burstSeconds: 120 };
  const targets = [];
  const rows = [];
  let session = 0;
  for (const work of ['one', 'five']) {
    // What one process and a lane change shows with one step already.
    const names = Object.keys(LAYOUTS).filter((name) => work === 'one' || !/Together|laned/.test(name));
    // A burst takes a minute or two: of what is compared by it, one is enough.
    const burst = new Set(work === 'one' ? BURSTS : []);
    const things = names.map((name) => [
      name,
      () =>
        measure(bench, {
          ...LAYOUTS[name],
          work,
          size,
          withBurst: burst.delete(name),
          taskQueue: `bench-${work}-${++session}`,
        }),
    ]);
    bench.say(`end to end, ${work} step${work === 'one' ? '' : 's'}`);
    const rounds = await interleaved(Object.fromEntries(things), { rounds: size.rounds, say: bench.say });
    rows.push(
      ...names.flatMap((name) =>
        rowsOf(
          rounds.map((round) => round[name]),
          { what: LAYOUTS[name].what, work, size },
        ),
      ),
    );
    targets.push(...targetsOf(rounds, work));
  }
  return { targets, rows };
}

/** Starts a system, warms it up, and measures it: one delivery at a time, a few at once, and a burst. */
async function measure(bench, { start, taskQueue, work, kind = '', together, alone = false, size, withBurst }) {
  const temporal = await bench.temporal();
  const system = await start(bench, { taskQueue, work: `${work}${kind}`, together });
  try {
    let sent = 0;
    const done = async (how, seconds) => {
      const before = await completed(temporal, taskQueue);
      const began = performance.now();
      const run = await system.send(how);
      sent += how.count;
      const after = await untilCompleted(temporal, { taskQueue, wanted: sent, seconds });
      return { ...run, runs: ((after - before) * 1000) / (performance.now() - began), missing: sent - after };
    };
    const warm = await done({ connections: 1, count: WARM_UP }, PATIENCE_S);
    if (warm.missing > 0) throw new Error(`${taskQueue}: runs do not complete`);
    const single = await done({ connections: 1, count: size.single, everyMs: EVERY_MS }, PATIENCE_S);
    // What a step says may come a moment after its run is seen to be complete.
    await wait(200);
    const delays = system.steps.delays(single.sent);
    const cost = await costOfOne(temporal, taskQueue);
    if (single.missing > 0) throw new Error(`${taskQueue}: ${single.missing} runs did not complete`);
    const steady = !alone && (await done({ connections: 4, count: size.steady }, PATIENCE_S));
    const burst = withBurst && (await done({ connections: 32, count: size.burst }, size.burstSeconds));
    const at = (part) => delays[Math.min(delays.length - 1, Math.floor(delays.length * part))];
    return {
      first: median(delays),
      firstP99: at(0.99),
      cost,
      ...(steady && { steady: steady.runs }),
      ...(burst && { burst: burst.runs }),
    };
  } finally {
    await system.end();
  }
}

function rowsOf(rounds, { what, work, size }) {
  const steps = work === 'one' ? '1 step' : '5 steps';
  const { events, actions } = rounds[0].cost;
  const cost = `${events} events, ${actions} actions a run`;
  const figure = (key) => medianOf(rounds, (round) => round[key]);
  return [
    {
      what: `e. ${what}, ${steps}: POST to first activity`,
      connections: 1,
      p50: figure('first'),
      p99: figure('firstP99'),
      ...(rounds[0].steady === undefined && { note: cost }),
    },
    ...(rounds[0].steady === undefined
      ? []
      : [
          {
            what: `e. ${what}, ${steps}: runs completed`,
            connections: 4,
            rate: figure('steady'),
            note: cost,
          },
        ]),
    ...(rounds[0].burst === undefined
      ? []
      : [
          {
            what: `e. ${what}, ${steps}: runs completed, burst of ${size.burst}`,
            connections: 32,
            rate: rounds[0].burst,
          },
        ]),
  ];
}

function targetsOf(rounds, work) {
  const ratio = (key, above, below) =>
    medianOf(
      rounds.filter((round) => round[above][key] !== undefined),
      (round) => round[above][key] / round[below][key],
    );
  const dearer = () => medianOf(rounds, ({ laned, ours }) => laned.cost.actions - ours.cost.actions);
  const steps = work === 'one' ? '1 step' : '5 steps';
  return [
    ...(work === 'one'
      ? [
          atMost('e. POST to first activity, in a lane / in none', 1.15, ratio('first', 'laned', 'ours')),
          atMost(
            'e. POST to first activity, in a lane / in none, one process',
            1.15,
            ratio('first', 'lanedTogether', 'oursTogether'),
          ),
          atMost('e. Temporal actions that a lane costs a run', 0, dearer()),
          atMost('e. POST to first activity / c, one process', 0.7, ratio('first', 'oursTogether', 'handTogether')),
          atMost(
            'e. POST to first activity / c, one process, regular activities',
            undefined,
            ratio('first', 'oursTogetherRegular', 'handTogether'),
          ),
        ]
      : []),
    atMost(
      `e. POST to first activity / c, separate, ${steps}`,
      work === 'one' ? 1.1 : undefined,
      ratio('first', 'ours', 'hand'),
    ),
    atLeast(`e. runs per second / c, ${steps}`, 1.5, ratio('steady', 'ours', 'hand')),
    ...(work === 'one'
      ? [
          atLeast('e. runs per second / c, burst', 1.9, ratio('burst', 'ours', 'hand')),
          atLeast('e. runs per second / c, burst, one process', 1.9, ratio('burst', 'oursTogether', 'handTogether')),
        ]
      : []),
    atLeast(`e. runs per second / c, ${steps}, regular activities`, undefined, ratio('steady', 'oursRegular', 'hand')),
    atLeast(`e. runs per second / bare, ${steps}`, undefined, ratio('steady', 'ours', 'bare')),
  ];
}

import { setTimeout as wait } from 'node:timers/promises';
import { cliFolder, runCli } from '../lib/cli.mjs';
import { median } from '../lib/figures.mjs';
import { memoryOf } from '../lib/memory.mjs';
import { processTree } from '../lib/process-tree.mjs';
import { atMost } from '../lib/target.mjs';

const CONNECTIONS = 32;
/** For what is done after a start, and after a load, before memory is measured. */
const SETTLE_MS = 10_000;
const READY_MS = 60_000;

/** g. How soon `hookyard server` and `hookyard start` answer, and what they hold of memory: idle, and after a load. */
export async function footprint(bench) {
  const server = await serverAlone(bench);
  const all = await allTogether(bench);
  return { targets: all.targets, rows: [...server, ...all.rows] };
}

async function serverAlone(bench) {
  const generator = await bench.generator();
  const temporal = await bench.temporal();
  const count = bench.quick ? 2_000 : 20_000;
  const rounds = [];
  for (let round = 0; round < (bench.quick ? 2 : 3); round++) {
    const taskQueue = `bench-footprint-${round}`;
    const folder = await cliFolder(bench, {
      name: taskQueue,
      automations: 'one',
      temporal: temporal.address,
      taskQueue,
    });
    const server = runCli(bench, { command: 'server', ...folder });
    const { port, ms } = await server.untilListening();
    const idle = memoryOf(server.pid);
    await generator.ask('prepare', { count });
    await generator.ask('run', { port, connections: CONNECTIONS, count });
    rounds.push({ ms, idle, loaded: memoryOf(server.pid) });
    await server.stop();
  }
  const figure = (key) => median(rounds.map((round) => round[key]));
  return [
    { what: 'g. hookyard server: from its start to its first answer', p50: figure('ms'), rssMb: figure('idle') },
    { what: `g. the same, after ${count} deliveries`, connections: CONNECTIONS, rssMb: figure('loaded') },
  ];
}

/** Receiver, worker and the Temporal of its own, at the second start: the first has to make what later ones keep. */
async function allTogether(bench) {
  const count = bench.quick ? 1_000 : 12_000;
  const generator = await bench.generator();
  const folder = await cliFolder(bench, { name: 'footprint-start', automations: 'one', taskQueue: 'footprint-start' });
  const start = async () => {
    const began = Date.now();
    const cli = runCli(bench, { command: 'start', ...folder });
    const { port } = await cli.untilListening();
    return { ...cli, port, ms: (await worksSince(port)) - began };
  };
  await (await start()).stop();
  const running = await start();
  await wait(SETTLE_MS);
  const idle = memoryByProcess(running.pid);
  await generator.ask('prepare', { count });
  await generator.ask('run', { port: running.port, connections: CONNECTIONS, count });
  await wait(SETTLE_MS);
  const loaded = memoryByProcess(running.pid);
  await running.stop();
  return {
    targets: [
      atMost('g. hookyard start, second start: ready, in ms', 3_000, running.ms),
      atMost('g. hookyard start, all together, idle: MB', 300, sum(idle)),
      atMost(`g. the same, after ${count} deliveries: MB`, 450, sum(loaded)),
    ],
    rows: [
      { what: 'g. hookyard start, idle', rssMb: sum(idle), note: inWords(idle) },
      {
        what: `g. the same, after ${count} deliveries`,
        connections: CONNECTIONS,
        rssMb: sum(loaded),
        note: inWords(loaded),
      },
    ],
  };
}

/** Waits until the worker runs as well; returns since when it does (Unix ms). */
async function worksSince(port) {
  for (const until = Date.now() + READY_MS; Date.now() < until; await wait(100)) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    const state = answer?.ok && (await answer.json());
    if (state && state.worker === 'runs') return Date.parse(state.workerSince);
  }
  throw new Error('the worker of hookyard start did not come up');
}

/** What each process holds, in the order in which they were started: the receiver's, the worker's, Temporal's. */
function memoryByProcess(pid) {
  return processTree(pid).map(memoryOf);
}

function sum(numbers) {
  return numbers.reduce((all, each) => all + each, 0);
}

function inWords(parts) {
  return `receiver, worker, Temporal: ${parts.map(Math.round).join(', ')}`;
}

import { cliFolder, runCli } from '../lib/cli.mjs';
import { median } from '../lib/figures.mjs';
import { memoryOf } from '../lib/memory.mjs';

const CONNECTIONS = 32;

/** g. How soon `hookyard server` answers, and what it holds of memory: idle, and after a load. */
export async function footprint(bench) {
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
  return {
    targets: [],
    rows: [
      { what: 'g. hookyard server: from its start to its first answer', p50: figure('ms'), rssMb: figure('idle') },
      { what: `g. the same, after ${count} deliveries`, connections: CONNECTIONS, rssMb: figure('loaded') },
    ],
  };
}

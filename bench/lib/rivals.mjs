import { cliFolder, runCli } from './cli.mjs';
import { createSteps } from './steps.mjs';
import { startSystem } from './system.mjs';

/*
 * What is measured from end to end. Each of these starts a whole system, with a task queue of its own, and answers how
 * it is given work: `send` takes what the generator's `run` takes.
 */

/** Ours, by the commands that a user runs; together: by `hookyard start`. */
export async function startOurs(bench, { taskQueue, work, together }) {
  const { address: temporal } = await bench.temporal();
  const steps = createSteps();
  const folder = await cliFolder(bench, { name: taskQueue, automations: work, temporal, taskQueue });
  const env = { ...folder.env, BENCH_STEP_PORT: String(await steps.listen(bench)) };
  const run = (command) => runCli(bench, { command, ...folder, env });
  const processes = together ? [run('start')] : [run('server'), run('worker')];
  const { port } = await processes[0].untilListening();
  return {
    port,
    steps,
    send: await sender(bench, port),
    end: () => Promise.all(processes.map((each) => each.stop())),
  };
}

/** The hand-written receiver and its worker. */
export async function startByHand(bench, { taskQueue, work, together }) {
  const { address: temporal } = await bench.temporal();
  const steps = createSteps();
  const options = { temporal, taskQueue, workflow: work, withWorker: together };
  const start = (module) => startSystem(bench, { module, onStep: steps.note, options });
  const receiver = await start('systems/by-hand.mjs');
  const systems = together ? [receiver] : [receiver, await start('systems/worker-by-hand.mjs')];
  return {
    steps,
    send: await sender(bench, receiver.port),
    end: () => Promise.all(systems.map((each) => each.end())),
  };
}

/** The bare workflow: started by a client in a loop, without any receiver. */
export async function startBare(bench, { taskQueue, work }) {
  const { address: temporal } = await bench.temporal();
  const steps = createSteps();
  const options = { temporal, taskQueue };
  const worker = await startSystem(bench, { module: 'systems/worker-by-hand.mjs', onStep: steps.note, options });
  const starter = await startSystem(bench, { module: 'systems/starter.mjs', options });
  return {
    steps,
    send: ({ connections, ...how }) => starter.ask('run', { callers: connections, workflow: work, ...how }),
    end: () => Promise.all([worker.end(), starter.end()]),
  };
}

async function sender(bench, port) {
  const generator = await bench.generator();
  return async (how) => {
    await generator.ask('prepare', { count: how.count });
    return generator.ask('run', { port, tell: true, ...how });
  };
}

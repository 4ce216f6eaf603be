import { startChild } from './child.mjs';

/** More than any system here answers in a second; what is left over is used by the next round. */
const MAX_A_SECOND = 6_000;
const MAX_PREPARED = 24_000;

/** A receiver of some kind in a process of its own, which can be put under load. */
export async function startSystem(bench, { module, execArgv, onStep, options }) {
  const child = startChild(module, { execArgv, onStep });
  bench.onEnd(() => child.stop());
  const { port } = await child.ask('begin', { secret: bench.secret, ...options });
  return {
    pid: child.pid,
    port,
    ask: child.ask,
    /** Sends for so many seconds, or so many. Every answer must be a 2xx. CPU in ms per delivery, of the system alone. */
    async load(generator, { connections, seconds, count, everyMs, tell = false }) {
      await generator.ask('prepare', { count: count ?? Math.min(MAX_PREPARED, Math.ceil(seconds * MAX_A_SECOND)) });
      const before = await child.ask('usage');
      const run = await generator.ask('run', { port, connections, seconds, count, everyMs, tell });
      const after = await child.ask('usage');
      const odd = Object.keys(run.statuses).filter((status) => !status.startsWith('2'));
      if (odd.length > 0) throw new Error(`${module} did not answer all with 2xx: ${JSON.stringify(run.statuses)}`);
      return { ...run, cpuMs: ((after.cpu - before.cpu) * 1000) / run.answered, rss: after.rss };
    },
    async end() {
      await child.ask('end');
      await child.stop();
    },
  };
}

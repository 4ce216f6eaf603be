import type { Draw } from '../draw.js';
import { AWAY_AND_BACK, chosen, type Fault, type Scene } from '../fault.js';
import { openRuns } from '../going-on.js';

interface Victim {
  readonly name: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

type VictimOf = (scene: Scene) => Victim;

/** As long as issues and operators know it: longer than calls wait, and shorter than leases last. */
const STOPPED_SECONDS = 20;
const KILLED_SECONDS = { least: 0, most: 10 };
/** Temporal may be away for less without a start that would notice it. */
const NOTICED_SECONDS = 6;

const receiverOf =
  (number: number): VictimOf =>
  ({ cluster }) =>
    chosen(cluster.servers, number);
const workerOf =
  (number: number): VictimOf =>
  ({ cluster }) =>
    chosen(cluster.workers, number);
const temporal: VictimOf = ({ cluster }) => ({ ...cluster.engine, name: 'Temporal' });

/** SIGKILL of a receiver; of a certain one, where its number is given, from 0. */
export const receiverKilled = (draw: Draw, number?: number): Fault =>
  killed(
    { name: number === undefined ? 'a receiver' : `receiver ${number + 1}`, seconds: secondsAway(draw) },
    receiverOf(number ?? draw.between(0, 99)),
  );

/** SIGSTOP of a receiver. */
export const receiverStopped = (draw: Draw): Fault =>
  stopped({ name: 'a receiver', seconds: STOPPED_SECONDS }, receiverOf(draw.between(0, 99)));

/** SIGKILL of a worker; of a certain one, where its number is given, from 0. */
export const workerKilled = (draw: Draw, number?: number): Fault =>
  killedAtWork(
    { name: number === undefined ? 'a worker' : `worker ${number + 1}`, seconds: secondsAway(draw) },
    workerOf(number ?? draw.between(0, 99)),
  );

/** SIGSTOP of a worker. */
export const workerStopped = (draw: Draw): Fault =>
  stopped({ name: 'a worker', seconds: STOPPED_SECONDS }, workerOf(draw.between(0, 99)));

/** SIGKILL of Temporal, which finds its database as it was. */
export const temporalKilled = (draw: Draw): Fault => {
  const seconds = secondsAway(draw);
  return {
    ...killed({ name: 'Temporal', seconds }, temporal),
    ...(seconds > NOTICED_SECONDS && { told: AWAY_AND_BACK }),
  };
};

/** SIGSTOP of Temporal. */
export const temporalStopped = (): Fault => ({
  ...stopped({ name: 'Temporal', seconds: STOPPED_SECONDS }, temporal),
  told: AWAY_AND_BACK,
});

function secondsAway(draw: Draw): number {
  return draw.between(KILLED_SECONDS.least, KILLED_SECONDS.most);
}

/** SIGKILL; another process takes its place after so many seconds. */
export function killed({ name, seconds }: { name: string; seconds: number }, victimOf: VictimOf): Fault {
  return {
    what: `${name} is killed, and there again after ${seconds} s`,
    async run(scene) {
      const victim = victimOf(scene);
      await victim.kill();
      await scene.wait(seconds * 1_000);
      await victim.start();
    },
  };
}

/** As {@link killed}, of what runs are worked on by: tells how long those take that were open. A start needs no other's help. */
export function killedAtWork({ name, seconds }: { name: string; seconds: number }, victimOf: VictimOf): Fault {
  return {
    what: `${name} is killed, and there again after ${seconds} s, or when a start has brought it back`,
    async run(scene) {
      const victim = victimOf(scene);
      const open = await openRuns(scene.cluster);
      await victim.kill();
      const since = performance.now();
      const back = scene.wait(seconds * 1_000).then(() => victim.start());
      const ended = open.ended(scene.wait).then((all) => ({ all, ms: performance.now() - since }));
      const { all, ms } = await ended.finally(() => back);
      if (open.count > 0) scene.wentOn({ runs: open.count, ms, all });
    },
  };
}

/** SIGSTOP, and SIGCONT after so many seconds. */
export function stopped({ name, seconds }: { name: string; seconds: number }, victimOf: VictimOf): Fault {
  return {
    what: `${name} stands still for ${seconds} s`,
    async run(scene) {
      const victim = victimOf(scene);
      victim.signal('SIGSTOP');
      await scene.wait(seconds * 1_000).finally(() => victim.signal('SIGCONT'));
    },
  };
}

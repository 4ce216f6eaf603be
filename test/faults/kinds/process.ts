import type { Draw } from '../draw.js';
import { AWAY_AND_BACK, chosen, type Fault, type Scene } from '../fault.js';

interface Victim {
  readonly name: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

const PAUSE = { least: 2, most: 20 };

/** A receiver is killed, or stopped for a while. */
export const receiver = (draw: Draw): Fault => {
  const number = draw.between(0, 99);
  return killedOrStopped(draw, 'a receiver', ({ stage }) => chosen(stage.servers, number));
};

/** A worker is killed, or stopped for a while. */
export const worker = (draw: Draw): Fault => {
  const number = draw.between(0, 99);
  return killedOrStopped(draw, 'a worker', ({ stage }) => chosen(stage.workers, number));
};

/** Temporal is killed, or stopped for a while. */
export const temporal = (draw: Draw): Fault => {
  const fault = killedOrStopped(draw, 'Temporal', ({ stage }) => ({ ...stage.engine, name: 'Temporal' }));
  return { ...fault, ...(fault.seconds > 6 && { told: AWAY_AND_BACK }) };
};

function killedOrStopped(
  draw: Draw,
  name: string,
  victimOf: (scene: Scene) => Victim,
): Fault & { readonly seconds: number } {
  const isKilled = draw.pick([true, false]);
  const seconds = isKilled ? draw.between(0, 10) : draw.between(PAUSE.least, PAUSE.most);
  return isKilled ? killed({ name, seconds }, victimOf) : stopped({ name, seconds }, victimOf);
}

/** SIGKILL; another process takes its place after so many seconds. */
export function killed(
  { name, seconds }: { name: string; seconds: number },
  victimOf: (scene: Scene) => Victim,
): Fault & { readonly seconds: number } {
  return {
    what: `${name} is killed, and there again after ${seconds} s`,
    seconds,
    async run(scene) {
      const victim = victimOf(scene);
      await victim.kill();
      await scene.wait(seconds * 1_000);
      await victim.start();
    },
  };
}

/** SIGSTOP, and SIGCONT after so many seconds. */
export function stopped(
  { name, seconds }: { name: string; seconds: number },
  victimOf: (scene: Scene) => Victim,
): Fault & { readonly seconds: number } {
  return {
    what: `${name} stands still for ${seconds} s`,
    seconds,
    async run(scene) {
      const victim = victimOf(scene);
      victim.signal('SIGSTOP');
      await scene.wait(seconds * 1_000).finally(() => victim.signal('SIGCONT'));
    },
  };
}

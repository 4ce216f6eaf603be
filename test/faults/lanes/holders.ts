import { pushInOrder } from './send.js';
import { type LaneStage, type LaneTrial, untilThere } from './trial.js';

const THERE_MS = 60_000;

/**
 * A holder that says nothing when it ends: terminated, timed out, or gone with Temporal's database. The lane goes on each time, within
 * `mostMs` where that is asked for, and within a minute anyway.
 */
export const holders = ({ mostMs }: { mostMs?: number }): LaneTrial => ({
  what: 'a holder is terminated, another times out, and Temporal comes back without the third',
  ...{ servers: 1, workers: 1, store: 'sqlite' },
  async run(stage) {
    const times = {
      terminated: await terminated(stage),
      'timed out': await timedOut(stage),
      'gone with Temporal': await gone(stage),
    };
    const took = Object.entries(times);
    return {
      figure: `the lane went on after ${took.map(([how, ms]) => `${(ms / 1_000).toFixed(1)} s (${how})`).join(', ')}`,
      problems: took
        .filter(([, ms]) => ms > (mostMs ?? THERE_MS))
        .map(([how, ms]) => `${how}: the lane took ${Math.round(ms)} ms`),
    };
  },
});

/** Pushes twice: the first run has the slot, and the second waits for it. */
async function heldAndNext(stage: LaneStage, branch: string): Promise<{ held: string; next: string }> {
  const [held, next] = await pushInOrder({ ...stage, automation: 'held' }, [branch, branch]);
  if (!held || !next) throw new Error('not both were pushed');
  await untilThere(stage.cluster.client, held.run, { ...stage, withinMs: THERE_MS });
  await untilNoted(stage, held.run);
  return { held: held.run, next: next.run };
}

/** Resolves once the store has that a run was started: until then, a Temporal that comes back without the run is given it again. */
async function untilNoted({ cluster, wait }: LaneStage, run: string): Promise<void> {
  for (const until = performance.now() + THERE_MS; performance.now() < until; await wait(50)) {
    const starts = await cluster.books.starts();
    if (starts.some((start) => start.run === run && start.state === 'done')) return;
  }
  throw new Error(`the store had not noted after ${THERE_MS / 1_000} s that ${run} was started`);
}

async function terminated(stage: LaneStage): Promise<number> {
  const { client } = stage.cluster;
  const { held, next } = await heldAndNext(stage, 'held-terminated');
  await client.workflow.getHandle(held).terminate('by hand');
  return untilThere(client, next, { ...stage, withinMs: THERE_MS });
}

async function timedOut(stage: LaneStage): Promise<number> {
  const { client } = stage.cluster;
  const [starter] = await pushInOrder({ ...stage, automation: 'startsHeld' }, ['starts-timed-out']);
  const held = client.workflow.getHandle(`${starter?.run}/held`);
  await untilThere(client, held.workflowId, { ...stage, withinMs: THERE_MS });
  await stage.wait(1_000);
  const [next] = await pushInOrder({ ...stage, automation: 'held' }, ['held-timed-out']);
  for (;;) {
    const { status, closeTime } = await held.describe();
    if (closeTime) {
      if (status.name !== 'TIMED_OUT') throw new Error(`the holder ended as ${status.name}`);
      break;
    }
    await stage.wait(50);
  }
  return untilThere(client, next?.run ?? '', { ...stage, withinMs: THERE_MS });
}

async function gone(stage: LaneStage): Promise<number> {
  const { client, engine } = stage.cluster;
  const { next } = await heldAndNext(stage, 'held-gone');
  await engine.kill();
  await engine.empty();
  await engine.start();
  return untilThere(client, next, { ...stage, withinMs: THERE_MS });
}

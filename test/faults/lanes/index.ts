import { setTimeout as pass } from 'node:timers/promises';
import { findCli } from '../../../src/temporal/find-cli.js';
import { postgresBinaries } from '../../support/postgres-binaries.js';
import { startPostgres } from '../../support/postgres-server.js';
import { openCluster } from '../cluster.js';
import { holders } from './holders.js';
import { many } from './many.js';
import { newest } from './newest.js';
import { queue } from './queue.js';
import type { LaneTrial } from './trial.js';

/** All trials of lanes, in the order in which they are made. */
export const laneTrials: Readonly<Record<string, LaneTrial>> = {
  queue: queue({ pushes: 100, rounds: 2 }),
  newest: newest({ pushes: 100 }),
  many: many({ pushes: 1_000, lanes: 50 }),
  holders: holders({ mostMs: 10_000 }),
};

export interface LanesOptions {
  /** Names of {@link laneTrials}; all if there are none. */
  readonly only: readonly string[];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * `npm run test:faults -- --lanes`: what lanes promise, tried one after the other, each on processes, a store and a Temporal server
 * of its own. Returns whether all is as promised.
 */
export async function tryLanes({ only, say, signal }: LanesOptions): Promise<boolean> {
  const cli = await findCli({ env: process.env, onProgress: say });
  let isGood = true;
  for (const [name, trial] of Object.entries(laneTrials)) {
    if (only.length > 0 && !only.includes(name)) continue;
    say(`· ${name}: ${trial.what}`);
    const postgres = trial.store === 'postgres' ? await startPostgres(await postgresBinaries(say)) : undefined;
    try {
      const { figure, problems } = await tryOne(trial, { cli, database: postgres?.url, say, signal });
      for (const problem of problems) say(`  ✗ ${problem}`);
      say(`  ${figure}`);
      isGood &&= problems.length === 0;
    } finally {
      await postgres?.stop();
    }
  }
  say(isGood ? 'ok    ' : 'failed');
  return isGood;
}

/** Tries one on processes of its own. `database`: an empty one, where it needs Postgres. */
export async function tryOne(
  trial: LaneTrial,
  given: Pick<LanesOptions, 'say'> & { cli: string; database: string | undefined; signal?: AbortSignal },
) {
  const { cli, database, say, signal } = given;
  const { servers, workers } = trial;
  const cluster = await openCluster({ cli, layout: 'apart', servers, workers, database });
  try {
    return await trial.run({ cluster, say, wait: (ms) => pass(ms, undefined, signal && { signal }) });
  } finally {
    await cluster.close();
  }
}

import type { Client } from '@temporalio/client';
import { backoffMs } from '../../async/backoff.js';
import { retry } from '../../async/retry.js';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { lookNow } from '../../worker/look-now.js';
import type { Lifecycle } from './lifecycle.js';

/** What {@link lookAtStart} works with. */
export interface LookDeps {
  readonly client: Client;
  readonly config: Pick<Config, 'sources' | 'temporal'>;
  readonly log: Logger;
  readonly lifecycle: Pick<Lifecycle, 'stopping'>;
}

const PAUSE = { firstMs: 1_000, maxMs: 30_000 };
/** About ten minutes: by then the Schedules look by themselves. */
const MAX_TRIES = 25;

/**
 * Looks for what was missed while the receiver was away, once it listens; waits a while for Temporal. It goes on in the
 * background, and never fails.
 */
export async function lookAtStart({ client, config, log, lifecycle }: LookDeps): Promise<void> {
  const { taskQueue } = config.temporal;
  try {
    const looking = await retry(() => lookNow({ client, taskQueue }, config.sources), {
      again: (_, tries) => !lifecycle.stopping() && tries < MAX_TRIES,
      pauseMs: (tries) => backoffMs(tries, PAUSE),
      ref: false,
    });
    if (looking.length > 0) log.info({ schedules: looking }, 'looking for what was missed while nobody listened');
  } catch (error) {
    if (lifecycle.stopping()) return;
    log.warn(
      { because: (error as Error).message },
      'what was missed while nobody listened is looked for only when the schedule says: Temporal did not answer',
    );
  }
}

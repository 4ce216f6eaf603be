import { setTimeout as wait } from 'node:timers/promises';
import type { Config, SettledRunner } from '../../../config/config.js';
import { type Missing, whyNoNetwork, whyNoSandbox } from './sandbox/requirements.js';

/** Of a machine that is too busy just now. */
const TRIES = 3;
const PAUSE_MS = 1_000;

/** What {@link settleRunner} tries by. */
export interface SettleDeps {
  /** Tells what keeps a sandbox from being made; undefined where nothing does. */
  readonly whyNot?: () => Promise<Missing | undefined>;
  /** Between tries, in milliseconds. */
  readonly pauseMs?: number;
}

/**
 * Returns a configuration that says where the repository's own code runs on this machine: with `jobs.runner: 'auto'` in a sandbox where
 * one can be made, with network unless the configuration wants none, and else as the worker's user. What may pass is tried again, and
 * never means the worker's user: nobody would know that code has more of the machine than on other days.
 */
export async function settleRunner<C extends Pick<Config, 'jobs'>>(
  config: C,
  { whyNot = config.jobs.network === 'none' ? whyNoSandbox : whyNoNetwork, pauseMs = PAUSE_MS }: SettleDeps = {},
): Promise<C> {
  if (config.jobs.runner !== 'auto') return config;
  for (let tried = 1; ; tried++) {
    const missing = await whyNot();
    if (!missing) return settledAs(config, { runner: 'sandbox' });
    const { isPassing = false, ...why } = missing;
    if (!isPassing) return settledAs(config, { runner: 'host', ...why });
    if (tried === TRIES) return settledAs(config, { runner: 'sandbox', ...why });
    await wait(pauseMs);
  }
}

/** Returns a configuration that says what another process has settled; as it is where that has settled nothing. */
export function settledAs<C extends Pick<Config, 'jobs'>>(config: C, settled: SettledRunner | undefined): C {
  return settled ? { ...config, jobs: { ...config.jobs, runner: settled.runner, settled } } : config;
}

import type { Config } from '../../../config/config.js';
import { type Missing, whyNoNetwork } from './sandbox/requirements.js';

/**
 * Returns a configuration that says where the repository's own code runs on this machine: with `jobs.runner: 'auto'` in a sandbox with
 * network, where `whyNot` names nothing that keeps it from being made, and else as the worker's user.
 */
export async function settleRunner<C extends Pick<Config, 'jobs'>>(
  config: C,
  whyNot: () => Promise<Missing | undefined> = whyNoNetwork,
): Promise<C> {
  const { jobs } = config;
  if (jobs.runner !== 'auto') return config;
  if (await whyNot()) return { ...config, jobs: { ...jobs, runner: 'host' } };
  const network = jobs.network === 'none' ? 'own' : jobs.network;
  return { ...config, jobs: { ...jobs, runner: 'sandbox', network } };
}

import type { Config } from '../../../config/config.js';
import type { RunJobInput } from '../../contract/index.js';
import { isTrusted } from '../trust.js';
import type { Workspace } from '../workspace.js';
import { hostRunner } from './host-runner.js';
import type { Runner, RunnerKind } from './runner.js';
import { openSandbox } from './sandbox/open-sandbox.js';

/** What of a job says where its steps run. */
export type RunnerChoice = Pick<RunJobInput, 'checkout' | 'trust' | 'runner'>;

/**
 * Returns where a job's steps run: code that may be a stranger's in the sandbox, unless its automation trusts it, and all else where the
 * job says, or the configuration.
 */
export function runnerFor({ jobs }: Pick<Config, 'jobs'>, { checkout, trust, runner }: RunnerChoice): RunnerKind {
  if (trust !== true && !isTrusted(checkout)) return 'sandbox';
  return runner ?? jobs.runner;
}

/** Opens what starts a job's steps. Throws `NotConfigured` where this machine has no sandbox and the job needs one. */
export async function openRunner(
  config: Config,
  workspace: Pick<Workspace, 'folder' | 'source' | 'home' | 'temporary'>,
  job: RunnerChoice,
): Promise<Runner> {
  const kind = runnerFor(config, job);
  switch (kind) {
    case 'host':
      return hostRunner;
    case 'sandbox':
      return openSandbox({ config, workspace, isStrangers: !isTrusted(job.checkout) });
    default:
      return kind satisfies never;
  }
}

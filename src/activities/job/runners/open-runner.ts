import type { Config } from '../../../config/config.js';
import { refused } from '../../failures.js';
import { isTrusted } from '../trust.js';
import type { Workspace } from '../workspace.js';
import { chooseRunner, type RunnerChoice } from './choose-runner.js';
import { openContainers } from './container/open-containers.js';
import { hostRunner } from './host-runner.js';
import type { Runner } from './runner.js';
import { openSandbox } from './sandbox/open-sandbox.js';

/** What a runner is opened with. */
export interface OpenRunner {
  readonly config: Config;
  readonly workspace: Pick<Workspace, 'folder' | 'source' | 'home' | 'temporary'>;
  /** Ends the wait for what has to be fetched first. */
  readonly signal: AbortSignal;
  /** Tells what takes long. */
  readonly note: (text: string) => Promise<void>;
}

/** Opens what starts a job's steps. Throws `NotConfigured` where this machine lacks what the job needs, and why an image can't be had. */
export async function openRunner(open: OpenRunner, job: RunnerChoice): Promise<Runner> {
  const chosen = chooseRunner(open.config, job);
  const isStrangers = !isTrusted(job.checkout);
  switch (chosen.kind) {
    case 'host':
      return hostRunner;
    case 'sandbox':
      return openSandbox({ ...open, isStrangers, network: chosen.network });
    case 'container': {
      if (job.checkout.options?.credentials)
        throw refused(
          'checkout.credentials: git asks for them by a program of this machine, which no image has: let the job run elsewhere, or name a secret in its env',
        );
      return openContainers({ ...open, ...chosen, isStrangers });
    }
    default:
      return chosen.kind satisfies never;
  }
}

import type { Config } from '../../../../config/config.js';
import { notConfigured } from '../../../failures.js';
import { BACKGROUND_VARIABLE, WORKSPACE_VARIABLE } from '../../kill-by-env.js';
import { GRACE_PERIODS } from '../../process-group.js';
import { findShell } from '../../shell.js';
import type { Workspace } from '../../workspace.js';
import type { Runner, RunnerOptions } from '../runner.js';
import { holdNetwork } from './hold-network.js';
import { limitsOf } from './limits.js';
import { missingForNetwork, missingRequirement } from './requirements.js';
import { seccompFilter } from './seccomp.js';
import { attachSandboxed, type Sandboxed, startSandboxed } from './start-sandboxed.js';
import { writeSystemFiles } from './system-files.js';
import { visibleFiles } from './visible-files.js';

/** What a sandbox is opened for. */
export interface SandboxOptions {
  readonly config: Pick<Config, 'data' | 'jobs'> & Partial<Pick<Config, 'file' | 'secretFiles'>>;
  readonly workspace: Pick<Workspace, 'folder' | 'source' | 'home' | 'temporary'>;
  /** The code may be a stranger's. */
  readonly isStrangers: boolean;
  /** Steps reach the internet, and not each other alone. */
  readonly network: boolean;
}

/**
 * Opens the sandbox of one job, by bubblewrap. Each program in it has processes, users and a view of this machine of its own; the
 * workspace and the network, which leads nowhere, they share. Throws `NotConfigured` where this machine can't, with what to do.
 */
export async function openSandbox({ config, workspace, isStrangers, network: leads }: SandboxOptions): Promise<Runner> {
  const { folder } = workspace;
  const filter = seccompFilter();
  const missing = (await missingRequirement()) ?? (leads ? await missingForNetwork() : undefined);
  if (!filter || missing)
    throw none(missing ?? { because: `system calls of ${process.arch} are not known` }, isStrangers);
  await writeSystemFiles(workspace, filter);
  const outwards = leads ? { reachable: config.jobs.sandbox.reachable } : undefined;
  const network = await holdNetwork({ marks: { [WORKSPACE_VARIABLE]: folder }, outwards }).catch((error: Error) => {
    throw none({ because: error.message }, isStrangers);
  });
  const limits = limitsOf(config);
  const sandboxed = (options: RunnerOptions): Sandboxed => ({
    ...options,
    ...{ folder, limits, network: network.pid() },
    view: visibleFiles({ config, workspace, shares: options.shares }),
    marks: {
      [WORKSPACE_VARIABLE]: folder,
      ...(options.env[BACKGROUND_VARIABLE] && { [BACKGROUND_VARIABLE]: options.env[BACKGROUND_VARIABLE] }),
    },
  });
  const sandbox: Runner = {
    kind: 'sandbox',
    inWords: `in a sandbox, ${leads ? 'with' : 'without'} network`,
    findShell,
    start: (options, gracePeriods = GRACE_PERIODS) => startSandboxed(sandboxed(options), gracePeriods),
    attach: (options) => attachSandboxed(sandboxed(options)),
    tools: async () => sandbox,
    close: network.close,
  };
  return sandbox;
}

function none({ because, advice }: { because: string; advice?: string }, isStrangers: boolean) {
  const code = isStrangers
    ? "this code may be a stranger's, and runs in a sandbox only"
    : 'the job is to run in a sandbox';
  const otherwise = isStrangers
    ? '; or, if its authors may do all that this worker can, let the job say trust: true'
    : '';
  return notConfigured(
    `${code}, which this worker can't make: ${because}. ${advice ?? 'npx hookyard doctor says more'}${otherwise}`,
  );
}

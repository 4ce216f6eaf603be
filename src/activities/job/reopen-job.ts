import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import type { Providers } from '../../providers/apis.js';
import type { HostStep, VariableValue } from '../contract/index.js';
import { type CheckedOut, checkOut } from './checkout.js';
import { jobEnvironment } from './environment.js';
import { killByEnv, WORKSPACE_VARIABLE } from './kill-by-env.js';
import { outputVariable } from './parse-output.js';
import { GRACE_PERIODS } from './process-group.js';
import { releaseWorkspace } from './release-workspace.js';
import { openRunner } from './runners/open-runner.js';
import type { Runner } from './runners/runner.js';
import type { Manifest } from './snapshots/snapshot.js';
import { restoreSnapshot } from './snapshots/snapshots.js';
import type { StoredJob } from './snapshots/stored-job.js';
import { openStepFiles } from './step-files.js';
import { createWorkspace, type Workspace } from './workspace.js';

/** What {@link reopenJob} works with. */
export interface ReopenDeps {
  readonly config: Config;
  readonly providers: Providers;
  readonly log: Logger;
  /** Ends it, while the workspace is filled. */
  readonly signal: AbortSignal;
  /** Tells a person what is done. */
  readonly note: (text: string) => Promise<void>;
}

/** A failed job whose workspace is to be there once more, and whether its secrets are. */
export interface Reopening {
  readonly manifest: Manifest;
  readonly job: StoredJob;
  readonly secrets: boolean;
}

/** A workspace as a failed job left it, outside of a run. */
export interface ReopenedJob {
  readonly workspace: Pick<Workspace, 'folder' | 'source'>;
  /** Starts programs there, shut off as the job's steps were. */
  readonly runner: Runner;
  /**
   * Returns the environment that a step has, with files of its own to write outputs and a summary to, and without ID tokens: those say
   * that a job runs. Throws `NotConfigured` for a secret that this machine's configuration does not hold.
   */
  environment(step: HostStep): Promise<Record<string, string>>;
  /** Kills what still runs there, and removes the workspace. Never rejects. */
  close(): Promise<void>;
}

/**
 * Makes a workspace as a failed job left it: checks its commit out, and puts over that what its steps had made or changed. Without
 * secrets its steps' git gets no credentials either. Throws what keeps it from being made, and leaves nothing then.
 */
export async function reopenJob(deps: ReopenDeps, { manifest, job, secrets }: Reopening): Promise<ReopenedJob> {
  const { config, signal, note, log } = deps;
  const { input, steps, attempt } = job;
  const { checkout } = input;
  const workspace = await createWorkspace(config, manifest.folder);
  let out: CheckedOut | undefined;
  let runner: Runner | undefined;
  const close = async () => {
    await runner?.close();
    await killByEnv(workspace.folder);
    await out?.end();
    await releaseWorkspace({ config, log }, workspace);
  };
  try {
    runner = await openRunner({ config, workspace, signal, note }, input);
    const options = { ...checkout.options, credentials: secrets && checkout.options?.credentials === true };
    await note(`checking out ${checkout.sha.slice(0, 12)} of ${checkout.repository}`);
    out = await checkOut({ ...deps, workspace }, { ...checkout, options });
    const now = out.variables.HOOKYARD_MERGE_COMMIT ?? checkout.sha;
    if (manifest.of.checkedOut !== undefined && manifest.of.checkedOut !== now)
      await note('the base branch has moved since: files that no step has touched are of the merge as it is now');
    if (manifest.bringsBack) await note('files that its steps had removed are there: git could not tell which');
    if (manifest.moved) await note('commits, tags and staged changes that its steps had made or fetched are not there');
    await restoreSnapshot(config.data, { of: manifest.of, workspace, runner, signal }, GRACE_PERIODS);
  } catch (error) {
    await close();
    throw error;
  }
  const { variables } = out;
  return {
    workspace,
    runner,
    close,
    environment: async (step) => ({
      ...variables,
      ...jobEnvironment(config, {
        input: { ...input, env: shown({ ...input.env, ...step.env }, secrets) },
        ...{ workspace, workflowId: manifest.of.workflowId, attempt },
      }),
      ...toldBefore(manifest, steps.indexOf(step) + 1),
      ...(await openStepFiles(workspace)).env,
      [WORKSPACE_VARIABLE]: workspace.folder,
    }),
  };
}

/** Returns the variables that an author has set, without secrets where they are not asked for. */
function shown(
  env: Readonly<Record<string, VariableValue>>,
  secrets: boolean,
): Readonly<Record<string, VariableValue>> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => secrets || typeof value === 'string'));
}

/** Returns the variables of what the steps before one have written to `$HOOKYARD_OUTPUT`. */
function toldBefore({ ran }: Manifest, number: number): Record<string, string> {
  const outputs = ran.filter((one) => one.number < number).flatMap((one) => Object.entries(one.ran.outputs ?? {}));
  return Object.fromEntries(outputs.map(([name, value]) => [outputVariable(name), value]));
}

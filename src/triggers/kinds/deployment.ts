import { DEPLOYMENT_ACTIONS, type DeploymentEvent } from '../../events/event.js';
import { listOf, type OptionTable, patterns, readOptions, yesOrNo } from '../options.js';
import { REPOSITORY, type RepositoryOptions } from './shared-options.js';

/** What `deployment()` makes. */
export type DeploymentTrigger = { readonly kind: 'deployment' } & DeploymentOptions;

/** Options of `deployment()`. */
export interface DeploymentOptions extends RepositoryOptions {
  /** Default: `created`. */
  readonly actions?: readonly DeploymentEvent['action'][];
  /** Environments that count. Default: all. */
  readonly environments?: readonly string[];
  /** `true`: also of commits from forks, which are strangers'. Default: not those. */
  readonly forks?: boolean;
}

const OPTIONS: OptionTable<DeploymentOptions> = {
  actions: listOf(DEPLOYMENT_ACTIONS),
  environments: patterns('text'),
  forks: yesOrNo,
  ...REPOSITORY,
};

/**
 * Runs on deployments that are requested, or whose state has changed. Throws {@link TriggerError} on an unknown or
 * malformed option.
 *
 * @example
 * import { automation, deployment, triggerBuild } from 'hookyard/workflow';
 *
 * export const deploy = automation({ on: deployment({ environments: ['production'] }) }, async (event) => {
 *   await triggerBuild.http('deployer', { params: { ref: event.ref } });
 * });
 */
export function deployment(options: DeploymentOptions = {}): DeploymentTrigger {
  return { kind: 'deployment', ...readOptions('deployment', options, OPTIONS) };
}

import type { Commit, RepositoryEventBase } from './event-base.js';

/** A release was made or changed. */
export interface ReleaseEvent extends RepositoryEventBase {
  readonly kind: 'release';
  readonly action: (typeof RELEASE_ACTIONS)[number];
  readonly tag: string;
  readonly name?: string;
  readonly url?: string;
  readonly draft: boolean;
  readonly prerelease: boolean;
}

/** What can happen to a release. */
export const RELEASE_ACTIONS = ['published', 'edited', 'deleted'] as const;

/** A deployment was requested, or its state has changed. */
export interface DeploymentEvent extends RepositoryEventBase {
  readonly kind: 'deployment';
  readonly action: (typeof DEPLOYMENT_ACTIONS)[number];
  readonly id: string;
  readonly environment: string;
  readonly ref?: string;
  readonly commit?: Commit;
  readonly url?: string;
  /** The commit may be a stranger's: it was built for a pull request from a fork. */
  readonly fork?: true;
}

/** `created` requests a deployment; the others are its states. */
export const DEPLOYMENT_ACTIONS = ['created', 'pending', 'running', 'success', 'failure'] as const;

/** A check, a pipeline or a workflow run elsewhere has ended or changed its state. */
export interface StatusEvent extends RepositoryEventBase {
  readonly kind: 'status';
  readonly state: (typeof STATUS_STATES)[number];
  /** The check's, pipeline's or status context's name. */
  readonly name: string;
  readonly branch?: string;
  /** All branches that have the commit, where there are several: `branch` is the first. At most 100. */
  readonly branches?: readonly string[];
  readonly commit: Commit;
  readonly url?: string;
  /**
   * The commit may be a stranger's: the payload says that it belongs to a fork, or does not say so much although such
   * payloads do. The branch is the fork's then, whatever it is called.
   */
  readonly fork?: true;
  /**
   * GitHub's id of the check suite, where the payload leaves open whether the commit is a fork's: GitHub is asked before a run
   * begins.
   */
  readonly checkSuite?: string;
}

/** The states of a check, a pipeline or a workflow run. */
export const STATUS_STATES = ['pending', 'success', 'failure', 'cancelled', 'skipped'] as const;

import { COMMAND_PERMISSIONS } from '../../runs/options.js';
import { listOf, type OptionCheck, type OptionTable, patterns, yesOrNo } from '../options.js';

/** Options of every trigger that a delivery may fire. */
export interface SourceOptions {
  /** Names of configured sources that count. Default: all. */
  readonly sources?: readonly string[];
}

/** The checks of {@link SourceOptions}. */
export const SOURCE: OptionTable<SourceOptions> = { sources: listOf() };

/** Options of every trigger for something that happened in a repository. */
export interface RepositoryOptions extends SourceOptions {
  /** Repositories (`owner/name`) that count. Default: all of the source's. */
  readonly repositories?: readonly string[];
  /** `false`: not what a bot did. Default: bots too. */
  readonly bots?: boolean;
  /**
   * `true`: also what the account of the source's own API credentials did, which could go round in circles. That account
   * is the source's `api.account`.
   */
  readonly own?: boolean;
}

/** The checks of {@link RepositoryOptions}. */
export const REPOSITORY: OptionTable<RepositoryOptions> = {
  ...SOURCE,
  repositories: patterns('repository'),
  bots: yesOrNo,
  own: yesOrNo,
};

/** Options of triggers whose events an author can mark to be skipped. */
export interface SkipOptions {
  /**
   * `false`: run in spite of `[skip ci]`, `[ci skip]`, `[no ci]`, `[skip-ci]`, `[ci-skip]` or a `skip-checks: true`
   * trailer in the head commit's message or the pull request's title. Default: those skip.
   */
  readonly skippable?: boolean;
}

/** Checks an option that says what somebody must be allowed to do in the repository. */
export const permission: OptionCheck = (value) =>
  (COMMAND_PERMISSIONS as readonly unknown[]).includes(value) ? undefined : 'read, write or admin';

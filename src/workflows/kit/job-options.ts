import type { Duration } from '@temporalio/common/lib/time.js';
import { patched } from '@temporalio/workflow';
import type {
  ArtifactNeeded,
  ArtifactOptions,
  CacheOptions,
  CheckoutOptions,
  HashedFiles,
  JobRunner,
  JobStep,
  SecretName,
  VariableValue,
} from '../../activities/contract/index.js';
import { isImageName } from '../../runs/image-name.js';
import { isJobName } from '../../runs/status-context.js';
import { type OptionTable, readOptions } from '../../triggers/options.js';
import { checkCheckoutOptions } from '../run/checkout-options.js';
import { hashedFiles } from '../run/read-caches.js';
import { environment } from '../run/read-steps.js';

/** What a job runs. */
export interface JobOptions {
  /** Part of the commit status's name; letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Shell command lines, run in order until one fails. Pass event data in `env`, never in a command line. */
  readonly steps: readonly (string | JobStep)[];
  /** Environment of the steps: values, `secret('name')` for one that the configuration holds, or `idToken({ audience })`. */
  readonly env?: Readonly<Record<string, VariableValue>>;
  /** For the whole job, checkout included: milliseconds, or words such as `'20 minutes'`. Default 30 minutes. */
  readonly timeout?: Duration;
  /** How the commit is checked out: submodules, Git LFS, the result of the merge, credentials, how much history. */
  readonly checkout?: CheckoutOptions;
  /**
   * How often the job runs at most, until it passes: each time all of it, in a fresh workspace, on the same commit. Until the last
   * time its status stays pending. Lost workers do not count. Default 1, at most 20.
   */
  readonly attempts?: number;
  /**
   * Runs the job again also where it has passed in the run that this one goes on from, by `rerun --from-failed` or `/retest failed`: for
   * what is wanted each time, such as a deployment. Default false: it counts as it did there, and nothing of it runs.
   */
  readonly rerunPassed?: boolean;
  /**
   * Runs code that may be a stranger's, of a fork or a merge queue, as the repository's own: it may then do all that the worker's user
   * can, and read its secrets. Default false: such code runs in a sandbox, or not at all.
   */
  readonly trust?: boolean;
  /**
   * Where steps run: `'host'`, beside the worker as its user; `'sandbox'`; or containers, `{ image: 'node:22' }`, with the name of a
   * `registry` of the configuration where the image needs credentials. A stranger's code never runs on the host, unless it is trusted.
   * Default: `jobs.runner` of the worker's configuration, which is `'host'`.
   */
  readonly runner?: JobRunner;
  /**
   * Whether steps have network in a sandbox or a container. A stranger's code has it only where `jobs.network` of the worker's
   * configuration is `'all'`. Default: as that says, which is not at all.
   */
  readonly network?: boolean;
  /** What is kept for later runs, such as the packages that a package manager has fetched, and restored before the first step. */
  readonly cache?: CacheOptions | readonly CacheOptions[];
  /** What is kept beside the run when the steps have ended, passed or not, for people and for later jobs: 20 at most. */
  readonly artifacts?: ArtifactOptions | readonly ArtifactOptions[];
  /** What other jobs have kept, and is in the checkout before the first step: `[artifact.get('site')]`. */
  readonly needs?: readonly ArtifactNeeded[];
}

/**
 * Names a secret of the configuration's `secrets`, for a job's `env`. Its value never enters the workflow or its history.
 *
 * @example
 * import { automation, runJob, secret, tag } from 'hookyard/workflow';
 *
 * export const publish = automation({ on: tag({ tags: ['v*'] }) }, async (event) => {
 *   await runJob(event, { name: 'publish', steps: ['npm publish'], env: { NPM_TOKEN: secret('npm') } });
 * });
 */
export function secret(name: string): SecretName {
  return { secret: name };
}

/**
 * Stands, in the key of a cache, for the hash of what the files of the checkout hold that globs match: another lock file is another key.
 *
 * @example
 * import { automation, hashFiles, push, runJob } from 'hookyard/workflow';
 *
 * export const ci = automation({ on: push() }, async (event) => {
 *   await runJob(event, {
 *     name: 'test',
 *     cache: { key: ['npm', hashFiles('package-lock.json')], paths: ['~/.npm'], restoreKeys: ['npm-'] },
 *     steps: ['npm ci', 'npm test'],
 *   });
 * });
 */
export function hashFiles(...globs: readonly string[]): HashedFiles {
  return hashedFiles(globs);
}

/** Runs that an older version started go on with options that there are none of. */
const READS_OPTIONS = 'reads-options-of-jobs';

/** Values that are read where they are needed, and say there what is wrong with them. */
const readLater = () => undefined;

const OPTIONS: OptionTable<JobOptions> = {
  ...{ name: readLater, timeout: readLater, checkout: readLater, attempts: readLater, rerunPassed: readLater },
  ...{ trust: readLater, runner: readLater, network: readLater, cache: readLater, artifacts: readLater },
  needs: readLater,
  env: (value) => (value === null ? undefined : environment(value)),
  steps: (value) => (Array.isArray(value) ? undefined : 'a list of command lines and steps'),
};

/** Throws a `TriggerError` for an option that there is none of, or of the wrong shape. */
function refuseUnknown(options: JobOptions): void {
  try {
    readOptions('runJob', options, OPTIONS);
  } catch (error) {
    if (patched(READS_OPTIONS)) throw error;
  }
}

/** Throws for what `runJob` can't do, in words that name the option: authors' code need not be type-checked. */
export function checkJobOptions(options: JobOptions): void {
  refuseUnknown(options);
  if (!isJobName(options.name))
    throw new Error(
      `runJob(): "name" must be 1 to 50 letters, digits, ".", "_" or "-", not ${JSON.stringify(options.name)}`,
    );
  if (options.steps.length === 0) throw new Error('runJob(): "steps" must hold at least one command line');
  if (options.checkout !== undefined) checkCheckoutOptions(options.checkout);
  for (const name of ['trust', 'rerunPassed', 'network'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'boolean')
      throw new Error(`runJob(): "${name}" must be true or false, not ${JSON.stringify(options[name])}`);
  checkRunner(options);
}

function checkRunner({ runner }: Pick<JobOptions, 'runner'>): void {
  if (runner === undefined || isRunner(runner)) return;
  throw new Error(
    `runJob(): "runner" must be 'host', 'sandbox', 'container' or { image: 'node:22' }, not ${JSON.stringify(runner)}`,
  );
}

function isRunner(runner: JobRunner | null): boolean {
  if (runner === null) return false;
  if (typeof runner === 'string') return ['host', 'sandbox', 'container'].includes(runner);
  const { image, registry, ...more } = runner;
  return isImageName(image) && ['string', 'undefined'].includes(typeof registry) && Object.keys(more).length === 0;
}

import type { Config } from '../../../config/config.js';
import type { ContainerImage, RunJobInput } from '../../contract/index.js';
import { isTrusted } from '../trust.js';
import type { RunnerKind } from './runner.js';

/** What of a job says where its steps run. */
export type RunnerChoice = Pick<RunJobInput, 'checkout' | 'trust' | 'runner' | 'network'>;

/** Where a job's steps run. */
export interface ChosenRunner {
  readonly kind: RunnerKind;
  /** Of its containers; undefined where neither the job nor the configuration names one. */
  readonly image?: ContainerImage | undefined;
  /** Whether they have network. On the host they always do. */
  readonly network: boolean;
}

/**
 * Returns where a job's steps run: code that may be a stranger's never on the host, unless its automation trusts it, and all else where
 * the job says, or the configuration.
 */
export function chooseRunner({ jobs }: Pick<Config, 'jobs'>, job: RunnerChoice): ChosenRunner {
  const isOwn = job.trust === true || isTrusted(job.checkout);
  const asked = kindOf(job.runner ?? jobs.runner);
  const shut = jobs.runner === 'container' ? 'container' : 'sandbox';
  const kind = asked === 'host' && !isOwn ? shut : asked;
  if (kind === 'host') return { kind, network: true };
  const whose = networkOf(jobs, job.runner);
  const network = isOwn ? (job.network ?? whose !== 'none') : whose === 'all' && job.network !== false;
  if (kind === 'sandbox') return { kind, network };
  return { kind, network, image: typeof job.runner === 'object' ? job.runner : configuredImage(jobs) };
}

/** Returns the same for what is the same, for what is kept of jobs. Stored: what it returns for each choice stays. */
export function markOfRunner({ kind, image, network }: ChosenRunner): string {
  if (kind === 'host') return kind;
  return [kind, ...(image ? [image.image] : []), ...(network ? ['network'] : [])].join(' ');
}

/**
 * Returns whose steps have network: by `auto` own code keeps the one that it has on the host, where neither its job named where it runs
 * nor the configuration who has network.
 */
export function networkOf({ network, settled }: Config['jobs'], runner?: RunnerChoice['runner']) {
  return network ?? (settled && runner === undefined ? 'own' : 'none');
}

/** What nobody has settled runs as without the option: see `settleRunner`. */
function kindOf(runner: NonNullable<RunnerChoice['runner']> | Config['jobs']['runner']): RunnerKind {
  if (runner === 'auto') return 'host';
  return typeof runner === 'string' ? runner : 'container';
}

function configuredImage({ container }: Config['jobs']): ContainerImage | undefined {
  const { image, registry } = container;
  return image === undefined ? undefined : { image, ...(registry !== undefined && { registry }) };
}
